/** Registers where needed, signs in, asks by each of the libraries, listens, and signs out: `npm start -- [URL]`. */

import { gql } from '@apollo/client';
import { createClient } from 'counterfoil/client';
import { WebSocket } from 'ws';
import { apolloClient, httpLink } from './apollo.js';
import { ask, fetchWith } from './fetch.js';
import { requestClient } from './graphql-request.js';
import { socketClient } from './graphql-ws.js';
import { urqlClient } from './urql.js';

const url = process.argv[2] ?? 'http://localhost:4000/graphql';
const account = { email: 'clients@example.com', password: 'saffron ladder evening 63' };
const query = '{ viewer { email } }';
interface Data {
  readonly viewer: { readonly email: string };
}

const client = createClient({ url, delivery: 'BODY' });
client.subscribe((state) => console.log('state:', state.kind));
console.log('register:', (await client.register(account)).__typename);
if (client.state.kind !== 'signed-in') {
  const login = await client.login(account);
  if (login.__typename !== 'LoginSuccess') throw new Error(login.message);
}

console.log('client.request:', await client.request<Data, Record<string, never>>(query, {}));
console.log('fetch:', await ask<Data>(fetchWith(client, { to: [url] }), url, query));
const apollo = apolloClient(client, httpLink(client, url));
console.log('Apollo Client:', (await apollo.query<Data>({ query: gql(query) })).data);
console.log('urql:', (await urqlClient(client, url).query<Data>(query, {})).data);
console.log('graphql-request:', await requestClient(client, url).request<Data>(query));

const sockets = socketClient(client, url.replace(/^http/, 'ws'), WebSocket);
const events = sockets.iterate({ query: 'subscription { sessionEvents { __typename } }' });
const first = events.next();
await new Promise<void>((resolve) => {
  sockets.on('connected', () => resolve());
});
await createClient({ url, delivery: 'BODY' }).login(account);
console.log('graphql-ws:', JSON.stringify((await first).value));

console.log('logout:', await client.logout());
