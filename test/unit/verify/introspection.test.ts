/** Asking about many tokens at once takes bounded memory. */

import { describe, expect, it } from 'vitest';
import { Closing } from '../../../src/verify/closing.js';
import { Introspection } from '../../../src/verify/introspection.js';
import { CREDENTIAL, Issuer } from '../../support/issuer.js';

const REVOCATIONS = {
  credential: CREDENTIAL,
  feedUrl: 'https://auth.example/revocations',
  introspectionUrl: 'https://auth.example/oauth/introspect',
  maxStalenessMs: 5_000,
  whenStale: 'introspect',
} as const;

describe('introspection', () => {
  it('takes no more than a thousand tokens at once, and the next when those are answered', async () => {
    const issuer = new Issuer();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    issuer.introspection = () => held.then(() => Response.json({ active: true }));
    const introspection = new Introspection(issuer, REVOCATIONS, new Closing());
    const tokens = Array.from({ length: 1_010 }, (_, index) => `token ${index}`);
    const answers = Promise.all(tokens.map((token) => introspection.ask(token)));
    expect(issuer.introspected).toHaveLength(1_000);
    release();
    const kinds = (await answers).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'unreachable')).toHaveLength(10);
    expect(await introspection.ask('one more')).toMatchObject({ kind: 'active' });
  });

  it('ends with the verifier: whoever waits hears that nothing can be known', async () => {
    const issuer = new Issuer();
    issuer.introspection = () => new Promise(() => {});
    const closing = new Closing();
    const signals: AbortSignal[] = [];
    const fetch = (_url: string, init: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        const signal = init.signal as AbortSignal;
        signals.push(signal);
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const answer = new Introspection({ fetch, clock: issuer.clock }, REVOCATIONS, closing).ask('a');
    closing.close();
    expect(await answer).toEqual({ kind: 'unreachable' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
