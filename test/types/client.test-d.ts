/** What the types of `counterfoil/client` promise. Checked with the sources, and again against the packed declarations. */

import {
  type AuthorizedFetchOptions,
  authorizedFetch,
  type Channel,
  ClientError,
  type ClientErrorKind,
  type ClientSettings,
  type ClientState,
  type ClientStorage,
  type Clock,
  createClient,
  type GraphQLFault,
  indexedDbStorage,
  type Message,
  memoryStorage,
  type RefreshKey,
  type Sending,
  type SessionClient,
  type SignOutReason,
  type SocketOptions,
  type Stored,
  socketOptions,
  type Tokens,
  type TypedDocument,
} from '../../src/client/index.js';
import { fileStorage } from '../../src/client/node.js';
import { useSession } from '../../src/client/react.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Equal<A, B>): void => {};

const clock: Clock = { now: () => 0, monotonic: () => 0 };
const settings: ClientSettings = { url: '/graphql', delivery: 'COOKIE', clock, storage: indexedDbStorage() };
createClient({ ...settings, storage: indexedDbStorage('mine'), headers: { 'user-agent': 'orders-cli/2.1' } });

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

const register = await client.register({ email: 'ada@example.com', password: 'violet tram uphill 27' });
if (register.__typename === 'RegisterSuccess') same<typeof register.session.id, string>(true);
else same<typeof register.message, string>(true);

const { state } = client;
if (state.kind === 'signed-in') same<typeof state.sessionId, string>(true);
// @ts-expect-error nobody is signed in
else state.sessionId;
same<SignOutReason, 'ended' | 'reused' | 'logout'>(true);
same<ClientState['kind'], 'unknown' | 'signed-in' | 'signed-out'>(true);
same<ReturnType<typeof client.start>, Promise<ClientState>>(true);
const stop: () => void = client.subscribe((now: ClientState) => void now);
stop();
same<ReturnType<typeof useSession>, ClientState>(true);
export function useMine(): ClientState {
  return useSession(client, (fault: unknown) => void fault);
}

declare const tokens: Tokens;
client.adopt(tokens);
client.adopt(null);
// @ts-expect-error tokens are what a mutation gave
client.adopt('eyJ');
void client.ended();
same<ReturnType<typeof client.logout>, Promise<boolean>>(true);
same<ReturnType<typeof client.tellLogout>, Promise<boolean>>(true);
same<ReturnType<typeof client.recheck>, Promise<ClientState>>(true);
same<ReturnType<typeof client.close>, void>(true);

same<ReturnType<typeof client.accessToken>, Promise<string | null>>(true);
same<ReturnType<typeof client.accessTokenNow>, string | null>(true);
same<ReturnType<typeof client.replace>, Promise<boolean>>(true);
void client.replace(null);
const retried = client.retried(async (accessToken: string | null) => ({
  refused: accessToken === null,
  answer: 1,
}));
same<typeof retried, Promise<number>>(true);
// @ts-expect-error whether it was refused is what it has to say
void client.retried(async () => ({ answer: 1 }));
void client.request('{ __typename }', {}, { signal: AbortSignal.timeout(1_000) });

const options: AuthorizedFetchOptions = { to: ['https://api.example.com/'] };
const authorized: typeof fetch = authorizedFetch(client, options);
void authorized('/orders');
// @ts-expect-error whom the token may go to is a decision
authorizedFetch(client, {});
const sockets: SocketOptions = socketOptions(client);
void sockets.connectionParams();

const error = new ClientError('unreachable', 'gone');
same<typeof error.retryAfterMs, number | null>(true);
same<typeof error.errors, readonly GraphQLFault[]>(true);
const kinds: Record<ClientErrorKind, string> = {
  unreachable: 'no answer',
  unavailable: 'later',
  storage: 'nothing is kept',
  'session-changed': 'somebody else',
  graphql: 'see errors',
};
same<typeof error.kind, keyof typeof kinds>(true);

/** An adapter of one's own. */
declare const channel: Channel;
const own: ClientStorage = {
  read: async (): Promise<Stored | null> => null,
  update: async (change) => change(null),
  channel,
};
createClient({ url: '/graphql', delivery: 'BODY', storage: own });
same<Message['kind'], 'renewed' | 'ask' | 'signed-out'>(true);
same<RefreshKey['sendings'], readonly Sending[]>(true);
