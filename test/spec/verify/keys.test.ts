/** What a verifier does with the server's JWK Set: how often it fetches, what it believes, and for how long. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVerifier, type Verifier, type VerifierSettings } from '../../../src/verify/index.js';
import { Issuer } from '../../support/issuer.js';

let issuer: Issuer;
let verifier: Verifier;
const events: string[] = [];

function start(more: Partial<VerifierSettings> = {}): void {
  const hooks = { jwks: (event: string) => events.push(event) };
  verifier = createVerifier(issuer.settings({ revocations: null, hooks, maxLifetime: 600, ...more }));
}

beforeEach(async () => {
  issuer = new Issuer();
  events.length = 0;
  await issuer.addKey('first');
  start();
});
afterEach(() => verifier.close());

const kindOf = async (token: string) => (await verifier.verify(token)).kind;
const outcomeOf = async (token: string) => {
  const outcome = await verifier.verify(token);
  return outcome.kind === 'verified' ? 'verified' : outcome.because;
};
const gone = async () => new Response('', { status: 503 });
/** A token of a key that nobody has. */
const garbage = async (kid: string) => {
  const stranger = new Issuer();
  await stranger.addKey(kid);
  return stranger.token();
};

describe('the keys', () => {
  it('are fetched when they are first needed, once for many at the same time, and not for what needs no key', async () => {
    expect(issuer.jwksFetched).toBe(0);
    const token = await issuer.token();
    expect(await Promise.all([1, 2, 3].map(() => kindOf(token)))).toEqual([
      'verified',
      'verified',
      'verified',
    ]);
    await kindOf(token);
    expect(issuer.jwksFetched).toBe(1);
    expect(events).toEqual(['fetched']);
  });

  it('are renewed in the background before their time is over, and nobody waits', async () => {
    await kindOf(await issuer.token());
    issuer.clock.advance(241_000);
    let release = (_: Response) => {};
    issuer.jwks = () => new Promise((resolve) => (release = resolve));
    expect(await kindOf(await issuer.token())).toBe('verified');
    expect(issuer.jwksFetched).toBe(2);
    release(Response.json({ keys: issuer.keys.map(({ jwk }) => jwk) }));
  });

  it('are dropped with the first answer that no longer has them, when the time of the one before is over', async () => {
    const token = await issuer.token();
    await kindOf(token);
    await issuer.addKey('second');
    issuer.keys.shift();
    issuer.clock.advance(299_000);
    await issuer.addKey('third');
    expect(await kindOf(await issuer.token({}, issuer.keys[0]))).toBe('verified');
    expect(await outcomeOf(await issuer.token({}, issuer.keys[1]))).toBe('verified');
    expect(await outcomeOf(token)).toBe('unknown-key');
  });

  it('keep what they have verified when they are fetched again and are the same', async () => {
    const token = await issuer.token();
    const first = await verifier.verify(token);
    issuer.clock.advance(280_000);
    await kindOf(token);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await verifier.verify(token);
    expect(issuer.jwksFetched).toBe(2);
    // The very same claims: the token was not read again.
    expect(second).toBe(first);
  });

  it.each([
    [5, 'no shorter than 10 s', 8],
    [100_000, 'no longer than an hour', 2_880],
  ])('with max-age %i are kept %s', async (maxAge, _bound, ageing) => {
    issuer.maxAge = maxAge;
    await kindOf(await issuer.token());
    issuer.clock.advance(ageing * 1000 - 1);
    await kindOf(await issuer.token());
    expect(issuer.jwksFetched).toBe(1);
    issuer.clock.advance(2);
    await kindOf(await issuer.token());
    expect(issuer.jwksFetched).toBe(2);
  });
});

describe('an unknown kid', () => {
  it('is looked up at once, so that a key that signs before anybody knows it costs nobody a sign-in', async () => {
    await kindOf(await issuer.token());
    await issuer.addKey('second');
    expect(await kindOf(await issuer.token({}, issuer.keys[1]))).toBe('verified');
    expect(issuer.jwksFetched).toBe(2);
  });

  it('fetches once in 30 seconds, however many there are and however different', async () => {
    await kindOf(await issuer.token());
    for (const kid of ['a', 'b', 'c', 'd']) expect(await outcomeOf(await garbage(kid))).toBe('unknown-key');
    expect(issuer.jwksFetched).toBe(2);
    issuer.clock.advance(29_999);
    await outcomeOf(await garbage('e'));
    expect(issuer.jwksFetched).toBe(2);
    issuer.clock.advance(1);
    const many = await Promise.all(['f', 'g', 'h'].map(garbage));
    await Promise.all(many.map(outcomeOf));
    expect(issuer.jwksFetched).toBe(3);
  });

  it('is undecided, not refused, where it could not be looked up', async () => {
    await kindOf(await issuer.token());
    await issuer.addKey('second');
    issuer.jwks = gone;
    const token = await issuer.token({}, issuer.keys[1]);
    expect(await outcomeOf(token)).toBe('keys-unavailable');
    expect(await outcomeOf(token)).toBe('keys-unavailable');
    expect(await outcomeOf(await issuer.token())).toBe('verified');
  });
});

describe('a server that is away', () => {
  it('leaves everything undecided where there never was a key, but for what needs none to be refused', async () => {
    issuer.jwks = gone;
    expect(await verifier.verify(await issuer.token())).toEqual({
      kind: 'undecided',
      because: 'keys-unavailable',
      retryAfter: 1,
    });
    expect(await outcomeOf('a.b.c')).toBe('malformed');
    issuer.jwks = null;
    issuer.clock.advance(1_000);
    expect(await kindOf(await issuer.token())).toBe('verified');
    expect(events).toEqual(['failed', 'fetched']);
  });

  it('leaves the keys good for as long as the longest token lives, then no longer', async () => {
    await kindOf(await issuer.token());
    issuer.jwks = gone;
    issuer.clock.advance((300 + 600) * 1000);
    expect(await outcomeOf(await issuer.token())).toBe('verified');
    issuer.clock.advance(1_001);
    expect(await outcomeOf(await issuer.token())).toBe('keys-unavailable');
  });

  it('is asked again every second, not with every token', async () => {
    issuer.jwks = gone;
    for (let time = 0; time < 5; time++) await kindOf(await issuer.token());
    expect(issuer.jwksFetched).toBe(1);
    issuer.clock.advance(1_000);
    await kindOf(await issuer.token());
    expect(issuer.jwksFetched).toBe(2);
  });
});

describe('an answer that cannot be meant', () => {
  const huge = () => ({ keys: issuer.keys.map(({ jwk }) => jwk), padding: 'x'.repeat(300_000) });
  it.each<[string, () => Promise<Response>]>([
    ['no JSON', async () => new Response('<html>')],
    ['null', async () => Response.json(null)],
    ['no keys', async () => Response.json({})],
    ['keys that are no list', async () => Response.json({ keys: {} })],
    ['no key that could be used', async () => Response.json({ keys: [{ kty: 'oct', k: 'AAAA' }] })],
    ['more than 256 kB', async () => Response.json(huge())],
    ['an error', gone],
    [
      'a redirect',
      async () => new Response('', { status: 302, headers: { location: 'http://elsewhere.example' } }),
    ],
    [
      'a body that breaks off',
      async () => new Response(new ReadableStream({ start: (stream) => stream.error(new Error('cut')) })),
    ],
    ['none at all', () => Promise.reject(new Error('unreachable'))],
  ])('leaves the keys as they are: %s', async (_what, answer) => {
    await kindOf(await issuer.token());
    issuer.jwks = answer;
    issuer.clock.advance(250_000);
    expect(await kindOf(await issuer.token())).toBe('verified');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await kindOf(await issuer.token())).toBe('verified');
    expect(events.filter((event) => event === 'failed')).toHaveLength(1);
  });
});

describe('memory', () => {
  it('is not taken by tokens whose signature is not good', async () => {
    start({ cacheSize: 100 });
    const token = await issuer.token();
    await kindOf(token);
    const cut = token.slice(0, -4);
    for (let time = 0; time < 200; time++) await kindOf(`${cut}${String(time).padStart(4, 'A')}`);
    expect(verifier.freshness()).toEqual({
      feed: 'off',
      stalenessMs: null,
      fresh: true,
      revocations: 0,
      keys: 1,
    });
  });
});

describe('the algorithm', () => {
  it.each(['EdDSA', 'RS256'] as const)('of the key is the one that counts: %s', async (algorithm) => {
    await issuer.addKey('other', algorithm);
    const [first, other] = issuer.keys;
    if (first === undefined || other === undefined) throw new Error('There are two keys.');
    expect(await kindOf(await issuer.token({}, other))).toBe('verified');
    expect(await outcomeOf(await issuer.token({}, { ...first, kid: 'other' }))).toBe('wrong-algorithm');
  });
});

describe('settings', () => {
  it('that cannot be used are all named at once, and no secret with them', () => {
    const credential = 'cfv_secret';
    const wrong = {
      issuer: 'auth.example/',
      audience: '',
      jwksUrl: 'https://user:password@auth.example',
      revocations: { credential, maxStaleness: 1, whenStale: 'guess' },
      skew: 31,
      maxLifetime: 0,
      cacheSize: -1,
      model: 'stateful',
    };
    const message = (() => {
      try {
        createVerifier(wrong as unknown as VerifierSettings);
        return '';
      } catch (fault) {
        return String(fault);
      }
    })();
    for (const name of ['issuer', 'audience', 'jwksUrl', 'credential', 'maxStaleness', 'whenStale', 'skew'])
      expect(message).toContain(name);
    for (const name of ['maxLifetime', 'cacheSize', 'model']) expect(message).toContain(name);
    expect(message).not.toMatch(/cfv_secret|password@/);
    expect(() => createVerifier({ issuer: 'https://a.example', audience: 'a' } as VerifierSettings)).toThrow(
      /revocations is missing/,
    );
  });

  it('of the stateless model take its tokens, and no others', async () => {
    // JSON leaves out what is undefined.
    const stateless = await issuer.token({ epoch: undefined } as object);
    expect(await outcomeOf(stateless)).toBe('bad-claims');
    verifier.close();
    start({ model: 'stateless' });
    expect(await outcomeOf(stateless)).toBe('verified');
    expect(await outcomeOf(await issuer.token())).toBe('bad-claims');
  });
});
