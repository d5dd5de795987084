/** What the types of `counterfoil/client` promise. Checked with the sources, and again against the packed declarations. */

import {
  authorizedFetch,
  ClientError,
  type ClientStorage,
  createClient,
  memoryStorage,
  type SessionClient,
  socketOptions,
  type TypedDocument,
} from '../../src/client/index.js';
import { fileStorage } from '../../src/client/node.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Equal<A, B>): void => {};

const client: SessionClient = createClient({ url: '/graphql', delivery: 'COOKIE' });
createClient({ url: '/graphql', delivery: 'BODY', storage: memoryStorage(), timeout: 5 });
const storage: ClientStorage = fileStorage('session');
createClient({ url: '/graphql', delivery: 'BODY', storage });
// @ts-expect-error where the refresh token travels is a decision
createClient({ url: '/graphql' });
// @ts-expect-error there are two ways
createClient({ url: '/graphql', delivery: 'HEADER' });

declare const document: TypedDocument<{ viewer: { id: string } }, { first: number }>;
const answer = client.request(document, { first: 1 });
same<typeof answer, Promise<{ viewer: { id: string } }>>(true);
// @ts-expect-error a variable is missing
void client.request(document, {});
// @ts-expect-error a variable is of another type
void client.request(document, { first: 'one' });

const login = await client.login({ email: 'ada@example.com', password: 'violet tram uphill 27' });
if (login.__typename === 'LoginSuccess') same<typeof login.session.id, string>(true);
else same<typeof login.message, string>(true);
// @ts-expect-error the delivery is the client's
await client.login({ email: 'ada@example.com', password: 'x', delivery: 'BODY' });

const { state } = client;
if (state.kind === 'signed-in') same<typeof state.sessionId, string>(true);
// @ts-expect-error nobody is signed in
else state.sessionId;

client.adopt(null);
void client.ended();
// @ts-expect-error tokens are what a mutation gave
client.adopt('eyJ');

const token = client.accessToken();
same<typeof token, Promise<string | null>>(true);
authorizedFetch(client, { to: ['https://api.example.com/'] });
// @ts-expect-error whom the token may go to is a decision
authorizedFetch(client, {});
void socketOptions(client).connectionParams();
new ClientError('unreachable', 'gone').retryAfterMs;
