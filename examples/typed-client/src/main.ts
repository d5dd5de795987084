/** Registers where needed, signs in, refreshes, looks at its devices, and signs out: `npm start -- [URL]`. */

import { Client, type Kept } from './client.js';
import { RegisterDocument } from './generated/graphql.js';
import { send } from './send.js';

const server = { url: process.argv[2] ?? 'http://localhost:4000/graphql' };
const account = { email: 'typed@example.com', password: 'saffron ladder evening 63' };

const { register } = await send(server, null, RegisterDocument, { input: account });
console.log('register:', register.__typename);

let kept: Kept | null = null;
const client = new Client(server, {
  load: () => kept,
  save: (next) => {
    kept = next;
  },
});
const login = await client.login({ ...account, deviceName: 'Typed client' });
if (login.__typename !== 'LoginSuccess') throw new Error(login.message);
console.log('login:', login.viewer.email, 'on', login.session.deviceName);

await client.refresh();
console.log('refresh: done');

const { name, sessions } = await client.viewer();
for (const { node } of sessions.edges) {
  console.log(
    `viewer: ${name} on ${node.deviceName ?? 'a nameless device'}${node.current ? ' (this one)' : ''}`,
  );
}

console.log('logout: access tokens dead by', (await client.logout()).toISOString());
