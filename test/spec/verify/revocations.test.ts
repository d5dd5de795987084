/**
 * How a verifier follows the feed, and what it does while it cannot: over real connections to a feed that the test holds in
 * its hands. Time is the test's own wherever a promise is about time.
 */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionId } from '../../../src/entities/identifier.js';
import {
  createVerifier,
  type RevocationSettings,
  type Verifier,
  type VerifierSettings,
} from '../../../src/verify/index.js';
import { Issuer, SESSION, USER } from '../../support/issuer.js';

let issuer: Issuer;
let http: Awaited<ReturnType<Issuer['serve']>>;
let verifier: Verifier;
let events: string[];

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

function start(
  revocations: Partial<RevocationSettings> = {},
  more: Partial<VerifierSettings> = {},
): Verifier {
  events = [];
  const { fetch: _direct, ...settings } = issuer.settings(
    {
      jwksUrl: `${http.url}/.well-known/jwks.json`,
      hooks: { feed: (event) => events.push(event) },
      ...more,
    },
    {
      url: `${http.url}/revocations`,
      introspectionUrl: `${http.url}/oauth/introspect`,
      whenStale: 'refuse',
      ...revocations,
    },
  );
  verifier = createVerifier(settings);
  return verifier;
}

beforeEach(async () => {
  issuer = new Issuer();
  await issuer.addKey('first');
  http = await issuer.serve();
});
afterEach(async () => {
  verifier.close();
  await http.stop();
  expect(rejections).toEqual([]);
});

const outcomeOf = async (token: string) => {
  const outcome = await verifier.verify(token);
  return outcome.kind === 'verified' ? 'verified' : outcome.because;
};
const until = (question: () => unknown) => expect.poll(question, { timeout: 15_000, interval: 5 });
const connected = (count: number) => until(() => issuer.readers.length).toBe(count);
const fresh = () => until(() => verifier.freshness().stalenessMs).toBeLessThan(100);

describe('the feed', () => {
  beforeEach(async () => {
    expect(await start().ready()).toBe(true);
  });

  it.each([
    ['session-ended', { kind: 'session-ended', sessionId: SESSION }],
    ['epoch-raised', { kind: 'epoch-raised', userId: USER, epoch: 1 }],
    ['key-revoked', { kind: 'key-revoked', kid: 'first' }],
  ] as const)('is felt by a token that was verified before: %s', async (because, revocation) => {
    const token = await issuer.token();
    expect(await outcomeOf(token)).toBe('verified');
    issuer.revoke(revocation, 'x.1');
    await until(() => outcomeOf(token)).toBe(because);
  });

  it('names a revoked key as the reason when it is published no more, and fetches nothing for its sake', async () => {
    const token = await issuer.token();
    await issuer.addKey('second');
    issuer.keys.shift();
    issuer.revoke({ kind: 'key-revoked', kid: 'first' });
    issuer.revoke({ kind: 'keys-changed', revision: 2 });
    await until(() => issuer.jwksFetched).toBe(2);
    await until(() => outcomeOf(token)).toBe('key-revoked');
    issuer.clock.advance(60_000);
    expect(await outcomeOf(token)).toBe('key-revoked');
    expect(issuer.jwksFetched).toBe(2);
  });

  it('leaves other sessions, users of a later epoch, and other keys alone', async () => {
    issuer.revoke({ kind: 'session-ended', sessionId: SESSION });
    issuer.revoke({ kind: 'epoch-raised', userId: USER, epoch: 1 });
    await until(() => verifier.freshness().revocations).toBe(2);
    const other = { sid: 'DDDDDDDDDDDDDDDDDDDDDA' as SessionId, epoch: 1 };
    expect(await outcomeOf(await issuer.token(other))).toBe('verified');
  });

  it('fetches the keys at once when they have changed', async () => {
    const before = issuer.jwksFetched;
    await issuer.addKey('second');
    issuer.revoke({ kind: 'keys-changed', revision: 2 });
    await until(() => issuer.jwksFetched).toBe(before + 1);
    await until(() => verifier.freshness().keys).toBe(2);
  });

  it('goes on where it was after the connection was cut, and knows what it knew', async () => {
    issuer.revoke({ kind: 'session-ended', sessionId: SESSION }, 'instance.7');
    await until(() => verifier.freshness().revocations).toBe(1);
    issuer.reader.cut();
    await connected(2);
    expect(issuer.reader.lastEventId).toBe('instance.7');
    await fresh();
    expect(await outcomeOf(await issuer.token())).toBe('session-ended');
    await until(() => events).toEqual(['connected', 'lost', 'connected']);
  });

  it('begins again where the first catching-up was cut short', async () => {
    issuer.greeting = (reader) => {
      reader.send({ kind: 'hello', resumed: false });
      issuer.revoke({ kind: 'session-ended', sessionId: SESSION }, null, reader);
    };
    issuer.reader.cut();
    await connected(2);
    await until(() => verifier.freshness().revocations).toBe(1);
    issuer.reader.cut();
    await connected(3);
    expect(issuer.reader.lastEventId).toBeNull();
  });

  it('forgets a place that the server does not know, and nothing else', async () => {
    issuer.revoke({ kind: 'session-ended', sessionId: SESSION }, 'old.7');
    await until(() => verifier.freshness().revocations).toBe(1);
    issuer.reader.end();
    await connected(2);
    await fresh();
    issuer.reader.end();
    await connected(3);
    expect(issuer.readers.map((reader) => reader.lastEventId)).toEqual([null, 'old.7', null]);
    expect(verifier.freshness().revocations).toBe(1);
  });

  it('comes back at once when the server says goodbye', async () => {
    issuer.reader.send({ kind: 'bye' });
    await connected(2);
    await until(() => events).toEqual(['connected', 'connected']);
  });

  it('is dropped and opened again when nothing is heard for a few heartbeats', async () => {
    await connected(2);
    await until(() => events).toEqual(['connected', 'dropped', 'connected']);
  });

  it.each([
    ['an event that is no JSON', 'event: fresh\ndata: {\n\n'],
    ['an event that lacks its members', 'event: revocation\ndata: {"kind":"session-ended"}\n\n'],
    ['a line without end', 'x'.repeat(100_000)],
    [
      'an id that no header can hold',
      'event: revocation\nid: a b\ndata: {"kind":"session-ended","sid":"BBBBBBBBBBBBBBBBBBBBBA","until":1}\n\n',
    ],
  ])('is dropped for %s', async (_what, text) => {
    issuer.reader.write(text);
    await connected(2);
    await until(() => events).toEqual(['connected', 'dropped', 'connected']);
  });

  it('may tell of what this version does not know', async () => {
    issuer.reader.write(
      'event: weather\ndata: rain\n\nevent: revocation\ndata: {"kind":"weather","until":1}\n\n',
    );
    issuer.revoke({ kind: 'session-ended', sessionId: SESSION });
    await until(() => outcomeOf('x')).toBe('malformed');
    await until(async () => outcomeOf(await issuer.token())).toBe('session-ended');
    await until(() => events).toEqual(['connected']);
  });

  it('is dropped when its heartbeats bring nothing new, since another node may know more', async () => {
    issuer.clock.advance(6_000);
    issuer.beat(issuer.reader, 6_000);
    await connected(2);
    await until(() => events).toEqual(['connected', 'dropped', 'connected']);
  });

  it('is renewed after some time, since clocks run apart', async () => {
    issuer.clock.advance(900_001);
    issuer.beat();
    await connected(2);
  });

  it('forgets an entry once no token can be alive that it concerns, but never a revoked key', async () => {
    issuer.revoke({ kind: 'session-ended', sessionId: SESSION });
    issuer.revoke({ kind: 'key-revoked', kid: 'first' });
    await until(() => verifier.freshness().revocations).toBe(2);
    issuer.clock.advance(330_000 + 60_000);
    issuer.beat();
    await until(() => verifier.freshness().revocations).toBe(0);
    expect(await outcomeOf(await issuer.token())).toBe('key-revoked');
  });

  it('ends with close, and so does everything else', async () => {
    verifier.close();
    await until(() => issuer.reader.open).toBe(false);
    expect(await verifier.verify(await issuer.token())).toEqual({
      kind: 'undecided',
      because: 'closed',
      retryAfter: 1,
    });
    expect(await verifier.ready()).toBe(false);
    expect(verifier.freshness().feed).toBe('closed');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(issuer.readers).toHaveLength(1);
  });
});

describe('a feed that cannot be had', () => {
  it.each([
    ['a credential that is not taken', 'refused', async () => new Response('', { status: 401 })],
    ['an error', 'lost', async () => new Response('', { status: 500 })],
    ['a page', 'lost', async () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    [
      'a redirect',
      'lost',
      async () => new Response('', { status: 307, headers: { location: 'http://x.example' } }),
    ],
  ] as const)('is not believed in: %s', async (_what, event, answer) => {
    issuer.feed = answer;
    expect(await start().ready({ within: 0 })).toBe(false);
    await until(() => events[0]).toBe(event);
    expect(await outcomeOf(await issuer.token())).toBe('revocations-stale');
    if (event === 'refused') expect(verifier.freshness().feed).toBe('refused');
  });

  it('is not waited for, where the credential is refused', async () => {
    issuer.feed = async () => new Response('', { status: 401 });
    // Half a minute, were it waited for: longer than a test may take.
    expect(await start().ready({ within: 600 })).toBe(false);
    expect(verifier.freshness().feed).toBe('refused');
  });
});

describe('knowledge that is too old', () => {
  it('is so later than maxStaleness after the instant that the last heartbeat named, and not before', async () => {
    start();
    await verifier.ready();
    issuer.greeting = null;
    const token = await issuer.token();
    issuer.clock.advance(5_000);
    expect(await outcomeOf(token)).toBe('verified');
    issuer.clock.advance(1);
    expect(await outcomeOf(token)).toBe('revocations-stale');
    issuer.beat();
    await until(() => outcomeOf(token)).toBe('verified');
  });

  it('is so at the start, when nothing has been heard yet', async () => {
    issuer.greeting = null;
    start();
    expect(await verifier.verify(await issuer.token())).toEqual({
      kind: 'undecided',
      because: 'revocations-stale',
      retryAfter: 1,
    });
  });

  it('revokes all the same what it knows to be revoked, whatever the policy', async () => {
    for (const whenStale of ['refuse', 'introspect', 'accept-until-expiry'] as const) {
      start({ whenStale });
      await verifier.ready();
      issuer.revoke({ kind: 'session-ended', sessionId: SESSION });
      await until(() => verifier.freshness().revocations).toBe(1);
      issuer.clock.advance(6_000);
      expect(await outcomeOf(await issuer.token())).toBe('session-ended');
      verifier.close();
    }
    expect(issuer.introspected).toEqual([]);
  });

  it('is of no concern to accept-until-expiry, until expiry', async () => {
    start({ whenStale: 'accept-until-expiry' });
    await verifier.ready();
    issuer.greeting = null;
    const token = await issuer.token();
    issuer.clock.advance(299_999);
    expect(await outcomeOf(token)).toBe('verified');
    issuer.clock.advance(1);
    expect(await outcomeOf(token)).toBe('expired');
  });
});

describe('asking the server about a token', () => {
  beforeEach(async () => {
    start({ whenStale: 'introspect' });
    await verifier.ready();
    issuer.greeting = null;
  });
  const grow = () => issuer.clock.advance(6_000);
  const answer = (body: unknown) => {
    issuer.introspection = async () => Response.json(body);
  };

  it('is done only while knowledge is too old, and never for a token that is bad in itself', async () => {
    const token = await issuer.token();
    await outcomeOf(token);
    expect(issuer.introspected).toEqual([]);
    grow();
    expect(await outcomeOf(token)).toBe('verified');
    for (const bad of ['a.b.c', `${token}x`, await issuer.token({ exp: 1 })]) await outcomeOf(bad);
    expect(issuer.introspected).toEqual([token]);
  });

  it('says that it is the credential, where the server does not know it', async () => {
    grow();
    issuer.introspection = async () => new Response('', { status: 401 });
    expect(await outcomeOf(await issuer.token())).toBe('credential-refused');
  });

  it('refuses what is not active', async () => {
    grow();
    answer({ active: false });
    expect(await outcomeOf(await issuer.token())).toBe('inactive');
  });

  it('takes away the scopes that the server no longer grants, and gives none', async () => {
    grow();
    answer({ active: true, scope: 'user admin' });
    const outcome = await verifier.verify(await issuer.token({ scope: 'user operator' }));
    expect(outcome).toMatchObject({ kind: 'verified', scopes: ['user'], roles: ['USER'] });
  });

  it('is one request for many at the same time, and its answer serves for a second', async () => {
    grow();
    const token = await issuer.token();
    await Promise.all(Array.from({ length: 20 }, () => outcomeOf(token)));
    expect(issuer.introspected).toHaveLength(1);
    issuer.clock.advance(999);
    await outcomeOf(token);
    expect(issuer.introspected).toHaveLength(1);
    issuer.clock.advance(1);
    await outcomeOf(token);
    expect(issuer.introspected).toHaveLength(2);
  });

  it('counts from when it was asked: an answer that took longer than maxStaleness says nothing', async () => {
    grow();
    issuer.introspection = async () => {
      issuer.clock.advance(5_001);
      return Response.json({ active: true });
    };
    expect(await outcomeOf(await issuer.token())).toBe('introspection-unreachable');
  });

  it('hears what the feed says while the answer is under way', async () => {
    grow();
    issuer.introspection = async () => {
      issuer.revoke({ kind: 'session-ended', sessionId: SESSION });
      await until(() => verifier.freshness().revocations).toBe(1);
      return Response.json({ active: true });
    };
    expect(await outcomeOf(await issuer.token())).toBe('session-ended');
  });

  it('does not outlive the token', async () => {
    const token = await issuer.token();
    grow();
    issuer.introspection = async () => {
      issuer.clock.advance(300_000);
      issuer.beat();
      return Response.json({ active: true });
    };
    expect(await outcomeOf(token)).toBe('expired');
  });

  it.each<[string, () => Promise<Response>]>([
    ['an error', async () => new Response('', { status: 503 })],
    ['no JSON', async () => new Response('yes')],
    ['an answer that says neither', async () => Response.json({ active: 'true' })],
    ['a redirect', async () => new Response('', { status: 302, headers: { location: '/elsewhere' } })],
    ['an answer that is too long', async () => Response.json({ active: true, x: 'x'.repeat(70_000) })],
    ['no answer', () => new Promise(() => {})],
  ])('leaves it undecided: %s', async (_what, what) => {
    grow();
    issuer.introspection = what;
    expect(await outcomeOf(await issuer.token())).toBe('introspection-unreachable');
  });
});

describe('hooks', () => {
  it('hear every verdict with its reason, and may fail without consequence', async () => {
    const heard: unknown[] = [];
    start(
      {},
      {
        hooks: {
          verdict: (kind, because) => {
            heard.push([kind, because]);
            throw new Error('a broken counter');
          },
          staleness: () => Promise.reject(new Error('a broken gauge')) as never,
        },
      },
    );
    await verifier.ready();
    await verifier.verify(await issuer.token());
    await verifier.verify('x');
    issuer.clock.advance(6_000);
    await verifier.verify(await issuer.token());
    expect(heard).toEqual([
      ['verified', null],
      ['refused', 'malformed'],
      ['undecided', 'revocations-stale'],
    ]);
  });
});
