/** Users who have signed in, for loads that need somebody to be. */

import { mutate } from '../lab/harness/client.js';

export const PASSWORD = 'orchid kettle granite 41';
/** Registering hashes a password each; more at once would only wait in the server's line. */
const AT_ONCE = 8;

export interface SignedIn {
  readonly email: string;
  readonly accessToken: string;
  /** Null in models without refresh tokens. */
  readonly refreshToken: string | null;
  readonly sessionId: string;
}

export async function registerMany(url: string, count: number): Promise<SignedIn[]> {
  const users: SignedIn[] = [];
  const inTurn = async () => {
    while (started < count) users.push(await register(url, `user${started++}@example.test`));
  };
  let started = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  return users;
}

export async function register(url: string, email: string): Promise<SignedIn> {
  const input = { email, password: PASSWORD, delivery: 'BODY', deviceName: 'Ada’s MacBook Pro' };
  return signedIn(email, await mutate(url, 'register', input));
}

export async function login(url: string, email: string, password = PASSWORD): Promise<SignedIn> {
  const input = { email, password, delivery: 'BODY', deviceName: 'Ada’s MacBook Pro' };
  return signedIn(email, await mutate(url, 'login', input));
}

function signedIn(email: string, payload: Awaited<ReturnType<typeof mutate>>): SignedIn {
  const { tokens, session } = payload;
  if (!tokens?.accessToken) throw new Error(`nobody signed in: ${payload.__typename} ${payload.message}`);
  return {
    email,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    sessionId: session?.id ?? '',
  };
}
