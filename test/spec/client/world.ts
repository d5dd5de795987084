/** A client against the real server on loopback, over a network that loses what a test wants it to lose. */

import {
  type ClientSettings,
  type ClientStorage,
  createClient,
  type Message,
  memoryStorage,
  type SessionClient,
} from '../../../src/client/index.js';
import { COOKIE, PASSWORD } from '../../support/api.js';
import type { Loopback } from '../../support/loopback.js';

/**
 * What becomes of one request: `lose-request` never arrives, `lose-answer` is carried out and not heard of, `hang` never
 * arrives and says nothing; the others are answered on the way.
 */
export type Fate = 'pass' | 'lose-request' | 'lose-answer' | 'hang' | keyof typeof ANSWERED;

const ANSWERED = {
  'bad-gateway': () => new Response('<html>502</html>', { status: 502 }),
  '503-retry-after': () => new Response(null, { status: 503, headers: { 'retry-after': '5' } }),
  '500-graphql': () =>
    Response.json(
      { errors: [{ message: 'no', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
      { status: 500 },
    ),
  '200-masked': () =>
    Response.json({ data: null, errors: [{ message: 'no', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }),
  throttled: () =>
    Response.json({ data: { refresh: { __typename: 'Throttled', message: 'Slowly.', retryAfter: 5 } } }),
};

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
      if (fate in ANSWERED) return ANSWERED[fate as keyof typeof ANSWERED]();
      if (fate === 'lose-request') throw new TypeError('The network is gone.');
      if (fate === 'hang') return await untilAborted(init?.signal);
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

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
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

export const login = (client: SessionClient, email: string, deviceName = 'Test') =>
  client.login({ email, password: PASSWORD, deviceName });

/** As whom a client is answered, or the kind of the error that it is told. */
export const emailOf = (client: SessionClient) =>
  client
    .request<{ viewer: { email: string } }, Record<string, never>>('query Viewer { viewer { email } }', {})
    .then(
      (data) => data.viewer.email,
      (fault: { kind: string }) => fault.kind,
    );

/** What is waited for until it is let go. */
export function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Two tabs: one record, and a channel between them. */
export function shared(count: number): ClientStorage[] {
  const one = memoryStorage();
  const tabs: Set<(message: Message) => void>[] = Array.from({ length: count }, () => new Set());
  return tabs.map((own) => ({
    ...one,
    channel: {
      close: () => own.clear(),
      post(message) {
        for (const tab of tabs) if (tab !== own) for (const each of tab) queueMicrotask(() => each(message));
      },
      subscribe(listener) {
        own.add(listener);
        return () => own.delete(listener);
      },
    },
  }));
}
