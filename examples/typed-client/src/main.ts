/** Registers where needed, signs in, looks at its devices, logs out the others, and signs out: `npm start -- [URL]`. */

import { createClient } from 'counterfoil/client';
import { logOutOthers, viewerDevices } from './devices.js';

const url = process.argv[2] ?? 'http://localhost:4000/graphql';
const account = { email: 'typed@example.com', password: 'saffron ladder evening 63' };

const client = createClient({ url, delivery: 'BODY' });
console.log('register:', (await client.register({ ...account, deviceName: 'First device' })).__typename);

const login = await client.login({ ...account, deviceName: 'Typed client' });
if (login.__typename !== 'LoginSuccess') throw new Error(login.message);
console.log('login:', login.viewer.email, 'on', login.session.deviceName);

for (const { node } of (await viewerDevices(client))?.sessions.edges ?? []) {
  console.log(`device: ${node.deviceName ?? 'nameless'}${node.current ? ' (this one)' : ''}`);
}
console.log('others:', await logOutOthers(client));
console.log('logout:', (await client.logout()) ? 'the server knows' : 'the server will be told');
