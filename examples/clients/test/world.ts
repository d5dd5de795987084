/** The real server on a loopback port, with a clock that is told to go, and the network before it, which counts. */

import type { AddressInfo } from 'node:net';
import { type ClientSettings, createClient, type SessionClient } from 'counterfoil/client';
import { startCounterfoil, TEST_PASSWORD, type TestCounterfoil, type TestOptions } from 'counterfoil/testing';
import Fastify from 'fastify';

export const EMAIL = 'ada@example.com';
const COOKIE = '__Host-counterfoil';

export interface World {
  readonly counterfoil: TestCounterfoil;
  readonly origin: string;
  readonly url: string;
  /** Seconds. */
  pass(seconds: number): void;
  stop(): Promise<void>;
}

export async function startWorld(settings: TestOptions['settings'] = {}): Promise<World> {
  const counterfoil = await startCounterfoil({ settings });
  const server = Fastify({ forceCloseConnections: true });
  await server.register(counterfoil.plugin);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  await counterfoil.signedInAs({ email: EMAIL });
  return {
    counterfoil,
    origin,
    url: `${origin}/graphql`,
    pass: (seconds) => counterfoil.clock.advance(seconds * 1_000),
    stop: async () => {
      await server.close();
      await counterfoil.stop();
    },
  };
}

/** One browser or process: what it sends is counted where it reaches the server, and its cookie is kept. */
export class Network {
  readonly arrived: string[] = [];
  /** Answers to queries arrive after it. */
  answering: Promise<void> = Promise.resolve();
  /** As a `Cookie` header would have it; null where there is none. */
  cookie: string | null = null;
  readonly #keepsCookies: boolean;

  constructor(delivery: 'BODY' | 'COOKIE' = 'BODY') {
    this.#keepsCookies = delivery === 'COOKIE';
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const { query = '' } = JSON.parse(String(init?.body)) as { query?: string };
    this.arrived.push(/(?:mutation|query) (\w+)/.exec(query)?.[1] ?? 'anonymous');
    const headers = new Headers(init?.headers);
    if (this.cookie !== null) headers.set('cookie', this.cookie);
    const response = await fetch(input, { ...init, headers });
    for (const set of this.#keepsCookies ? response.headers.getSetCookie() : []) {
      const [, value] = new RegExp(`^${COOKIE}=([^;]*)`).exec(set) ?? [];
      if (value !== undefined) this.cookie = value === '' ? null : `${COOKIE}=${value}`;
    }
    if (query.startsWith('query')) await this.answering;
    return response;
  };

  /** How often this operation has reached the server. */
  count(operation: string): number {
    return this.arrived.filter((name) => name === operation).length;
  }
}

/** The time that a test lets pass, and what passes by itself. */
function clockOf({ counterfoil: { clock } }: World) {
  const began = performance.now();
  const passed = () => performance.now() - began;
  return { now: () => Math.floor(clock.now() + passed()), monotonic: () => clock.monotonic() + passed() };
}

export function clientOf(world: World, network: Network, more: Partial<ClientSettings> = {}): SessionClient {
  const { url } = world;
  return createClient({ url, delivery: 'BODY', fetch: network.fetch, clock: clockOf(world), ...more });
}

export async function signIn(client: SessionClient, email = EMAIL): Promise<void> {
  const { __typename } = await client.login({ email, password: TEST_PASSWORD });
  if (__typename !== 'LoginSuccess') throw new Error(`The sign-in came to ${__typename}.`);
}
