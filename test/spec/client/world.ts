/** A client against the real server on loopback, over a network that loses what a test wants it to lose. */

import { type ClientSettings, createClient, type SessionClient } from '../../../src/client/index.js';
import { COOKIE, PASSWORD } from '../../support/api.js';
import type { Loopback } from '../../support/loopback.js';

/** What becomes of one request: `lose-request` never arrives, `lose-answer` is carried out and not heard of. */
export type Fate = 'pass' | 'lose-request' | 'lose-answer' | 'bad-gateway';

export interface Network {
  readonly fetch: typeof fetch;
  /** Operations that reached the server, by name. */
  readonly arrived: string[];
  /** Asked for each request, by the name of its operation. */
  fate: (operation: string) => Fate;
}

/** A browser's cookie jar, as far as one cookie goes; tabs share it. */
export interface Jar {
  cookie: string | null;
}

export function networkTo(at: Loopback, jar: Jar | null = null): Network {
  const network: Network = {
    arrived: [],
    fate: () => 'pass',
    fetch: async (_input, init) => {
      const { query } = JSON.parse(String(init?.body)) as { query: string };
      const operation = /(?:mutation|query) (\w+)/.exec(query)?.[1] ?? 'anonymous';
      const fate = network.fate(operation);
      if (fate === 'bad-gateway') return new Response('<html>502</html>', { status: 502 });
      if (fate === 'lose-request') throw new TypeError('The network is gone.');
      network.arrived.push(operation);
      const headers = new Headers(init?.headers);
      if (jar?.cookie && init?.credentials !== 'omit') headers.set('cookie', `${COOKIE}=${jar.cookie}`);
      const response = await fetch(`${at.origin}/graphql`, { ...init, headers, signal: null });
      keep(jar, response);
      if (fate === 'lose-answer') throw new TypeError('The network is gone.');
      return response;
    },
  };
  return network;
}

function keep(jar: Jar | null, response: Response): void {
  for (const set of response.headers.getSetCookie()) {
    const [, value] = new RegExp(`^${COOKIE}=([^;]*)`).exec(set) ?? [];
    if (jar !== null && value !== undefined) jar.cookie = value === '' ? null : value;
  }
}

/** The time that a test lets pass, and what passes by itself: who waits for something waits for the end of it. */
function clockOf({ counterfoil: { clock } }: Loopback) {
  const began = performance.now();
  const passed = () => performance.now() - began;
  return { now: () => Math.floor(clock.now() + passed()), monotonic: () => clock.monotonic() + passed() };
}

export function clientOf(at: Loopback, network: Network, more: Partial<ClientSettings> = {}): SessionClient {
  return createClient({
    url: `${at.origin}/graphql`,
    delivery: 'BODY',
    fetch: network.fetch,
    clock: clockOf(at),
    timeout: 0.3,
    ...more,
  });
}

/** A client of a user who is made for it and signed in. */
export async function signedInClient(
  at: Loopback,
  network: Network,
  more: Partial<ClientSettings> = {},
): Promise<SessionClient> {
  const client = clientOf(at, network, more);
  await at.signedIn('ada@example.test');
  const payload = await client.login({ email: 'ada@example.test', password: PASSWORD, deviceName: 'Test' });
  if (payload.__typename !== 'LoginSuccess') throw new Error(`The sign-in came to ${payload.__typename}.`);
  return client;
}
