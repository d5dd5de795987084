/**
 * An issuer as a verifier sees it: a JWK Set, the feed of revocations, introspection, all in the hands of a test. Answers
 * `fetch` directly, or over HTTP by `serve`. Time is the test's own, for both sides.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { exportJWK, generateKeyPair } from 'jose';
import type { SessionId, UserId } from '../../src/entities/identifier.js';
import type { Revocation } from '../../src/entities/revocation.js';
import type { SigningAlgorithm } from '../../src/entities/signing-key.js';
import { type FeedEvent, writeFeedEvent } from '../../src/revocation/feed-events.js';
import type { Clock } from '../../src/system/clock.js';
import { type AccessClaims, signAccessToken } from '../../src/tokens/access-token.js';
import type { Fetch, RevocationSettings, VerifierSettings } from '../../src/verify/index.js';

export const ISSUER = 'https://auth.example';
const AUDIENCE = 'https://api.example';
export const CREDENTIAL = `cfv_${'A'.repeat(71)}`;
export const USER = 'AAAAAAAAAAAAAAAAAAAAAA' as UserId;
export const SESSION = 'BBBBBBBBBBBBBBBBBBBBBA' as SessionId;

export interface TestClock extends Clock {
  advance(milliseconds: number): void;
  /** Only the wall clock, also backwards: as somebody sets it. */
  set(milliseconds: number): void;
  /** The machine sleeps: the monotonic clock stands still. */
  sleep(milliseconds: number): void;
}

export function testClock(): TestClock {
  let monotonic = 1_000;
  let wall = 1_767_225_600_000;
  return {
    now: () => wall,
    monotonic: () => monotonic,
    advance: (milliseconds) => {
      monotonic += milliseconds;
      wall += milliseconds;
    },
    set: (milliseconds) => {
      wall += milliseconds;
    },
    sleep: (milliseconds) => {
      wall += milliseconds;
    },
  };
}

interface Key {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: CryptoKey;
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** One reader of the feed. */
export class Reader {
  readonly lastEventId: string | null;
  readonly acceptedAt: number;
  #stream: ReadableStreamDefaultController<Uint8Array> | null = null;
  open = true;
  readonly body: ReadableStream<Uint8Array>;

  constructor(lastEventId: string | null, acceptedAt: number) {
    this.lastEventId = lastEventId;
    this.acceptedAt = acceptedAt;
    this.body = new ReadableStream({
      start: (controller) => {
        this.#stream = controller;
      },
      cancel: () => {
        this.open = false;
      },
    });
  }

  send(...events: FeedEvent[]): void {
    this.write(events.map(writeFeedEvent).join(''));
  }

  write(text: string): void {
    if (this.open) this.#stream?.enqueue(new TextEncoder().encode(text));
  }

  /** The connection is cut. */
  cut(): void {
    if (!this.open) return;
    this.open = false;
    this.#stream?.error(new Error('cut'));
  }

  /** The server ends it. */
  end(): void {
    if (!this.open) return;
    this.open = false;
    this.#stream?.close();
  }
}

export class Issuer {
  readonly clock: TestClock = testClock();
  keys: Key[] = [];
  maxAge = 300;
  readonly readers: Reader[] = [];
  readonly introspected: string[] = [];
  jwksFetched = 0;
  /** What each endpoint does instead of answering. */
  jwks: (() => Promise<Response>) | null = null;
  feed: (() => Promise<Response>) | null = null;
  introspection: ((token: string) => Promise<Response>) | null = null;
  /** Sent to each new reader. */
  greeting: ((reader: Reader) => void) | null = (reader) => {
    reader.send({ kind: 'hello', resumed: false });
    this.beat(reader);
  };

  async addKey(kid: string, algorithm: SigningAlgorithm = 'ES256'): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
    this.keys.push({ kid, algorithm, privateKey, jwk });
  }

  claims(more: Partial<AccessClaims> = {}): AccessClaims {
    const iat = Math.floor(this.clock.now() / 1000);
    return {
      iss: ISSUER,
      aud: AUDIENCE,
      sub: USER,
      sid: SESSION,
      client_id: 'counterfoil',
      iat,
      exp: iat + 300,
      jti: 'CCCCCCCCCCCCCCCCCCCCCA',
      epoch: 0,
      scope: 'user',
      auth_time: iat,
      ...more,
    };
  }

  token(more: Partial<AccessClaims> = {}, key = this.keys[0]): Promise<string> {
    if (key === undefined) throw new Error('There is no key.');
    return signAccessToken(this.claims(more), key);
  }

  settings(
    more: Partial<VerifierSettings> = {},
    revocations: Partial<RevocationSettings> = {},
  ): VerifierSettings {
    return {
      issuer: ISSUER,
      audience: AUDIENCE,
      revocations: { credential: CREDENTIAL, ...revocations },
      fetch: this.fetch,
      clock: this.clock,
      ...more,
    };
  }

  get reader(): Reader {
    const last = this.readers.at(-1);
    if (last === undefined) throw new Error('Nobody reads the feed.');
    return last;
  }

  /** A heartbeat that is true now, or was so many milliseconds ago. */
  beat(reader: Reader = this.reader, ago = 0): void {
    reader.send({ kind: 'fresh', freshMs: this.clock.monotonic() - reader.acceptedAt - ago });
  }

  revoke(revocation: Revocation, id: string | null = null, reader: Reader = this.reader): void {
    reader.send({ kind: 'revocation', id, entry: { revocation, until: this.clock.now() + 330_000 } });
  }

  readonly fetch: Fetch = async (url, init) => {
    const { pathname } = new URL(url);
    const headers = new Headers(init.headers);
    if (pathname === '/.well-known/jwks.json') return this.#jwks();
    if (headers.get('authorization') !== `Bearer ${CREDENTIAL}`) return new Response('', { status: 401 });
    if (pathname === '/oauth/introspect') return this.#introspect(String(init.body));
    return this.#follow(headers.get('last-event-id'), init.signal ?? null);
  };

  async #jwks(): Promise<Response> {
    this.jwksFetched += 1;
    if (this.jwks !== null) return this.jwks();
    return Response.json(
      { keys: this.keys.map(({ jwk }) => jwk) },
      { headers: { 'cache-control': `public, max-age=${this.maxAge}` } },
    );
  }

  async #introspect(form: string): Promise<Response> {
    const token = new URLSearchParams(form).get('token') ?? '';
    this.introspected.push(token);
    return this.introspection === null ? Response.json({ active: true }) : this.introspection(token);
  }

  async #follow(lastEventId: string | null, signal: AbortSignal | null): Promise<Response> {
    if (this.feed !== null) return this.feed();
    const reader = new Reader(lastEventId, this.clock.monotonic());
    signal?.addEventListener('abort', () => reader.cut());
    this.readers.push(reader);
    this.greeting?.(reader);
    return new Response(reader.body, { headers: { 'content-type': 'text/event-stream' } });
  }

  /** The same over HTTP, on a port of its own; the URL, and how to end it. */
  async serve(): Promise<{ readonly url: string; stop(): Promise<void> }> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const answer = await this.fetch(`http://localhost${request.url}`, {
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.flushHeaders();
      if (answer.body === null) {
        response.end();
        return;
      }
      const body = Readable.fromWeb(answer.body as never);
      body.on('error', () => response.destroy()).pipe(response);
      response.on('close', () => body.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}`,
      stop: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  }
}
