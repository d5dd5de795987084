/**
 * Rotation and revocation of signing keys as other services see them: verifiers of other libraries, whose caches are
 * stale most of the time, check every access token that is issued, over a real HTTP server.
 *
 * Time is not scaled: server, libraries and caches share one clock, which the test moves. So publish lead (1 h),
 * max-age (300 s), token life (300 s) and the ten minutes of jwks-rsa are those of production, and hours pass in seconds.
 */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../lab/harness/free-port.js';
import { tendSigningKeys } from '../../src/account/signing-keys.js';
import { readMasterKey } from '../../src/keys/master-key.js';
import { openSigning } from '../../src/keys/material.js';
import { type AccessClaims, signAccessToken } from '../../src/tokens/access-token.js';
import { type Api, type Client, startApi } from '../support/api.js';
import { type CachingVerifier, fastJwtVerifier, jsonwebtokenVerifier } from '../support/caching-verifiers.js';

const STARTS_AT = 1_767_225_600_000;
const TICK_SECONDS = 37;
const TOKEN_LIFE_SECONDS = 300;
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

interface Refusal {
  readonly verifier: string;
  readonly algorithm: string;
  readonly because: string;
}

describe('signing keys beside verifiers of other libraries', () => {
  let api: Api;
  let operator: Client;
  let issuer: string;

  beforeEach(async () => {
    const port = await freePort();
    issuer = `http://localhost:${port}`;
    vi.useFakeTimers({ toFake: ['Date'], now: STARTS_AT });
    // The cache of jwks-rsa goes by this one.
    vi.spyOn(performance, 'now').mockImplementation(() => Date.now() - STARTS_AT);
    api = await startApi({ settings: { issuer, masterKey: MASTER_KEY } });
    await api.server.listen({ host: 'localhost', port });
    operator = await api.signedIn('operator@example.test', ['USER', 'OPERATOR']);
  });
  afterEach(async () => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    await api.stop();
  });

  /** Lets seconds pass for everybody, does what falls due on the keys, and keeps the operator's token alive. */
  async function pass(seconds: number): Promise<void> {
    api.pass(seconds);
    vi.advanceTimersByTime(seconds * 1000);
    expect(Date.now()).toBe(api.counterfoil.clock.now());
    await tendSigningKeys(api.counterfoil.app.parts);
    await operator.refresh();
  }

  const ring = () => api.counterfoil.app.parts.keyring.ring;
  const active = () => ring().signer();

  /** A user's stream of tokens and everybody who checks them, each verifier with its cache at another point of its life. */
  class Stream {
    readonly refusals: Refusal[] = [];
    readonly checked = new Map<string, number>();
    readonly verifiers: CachingVerifier[] = [];
    /** Checks made while the verifier did not know a key that the server had published. */
    staleChecks = 0;
    #living: { readonly token: string; readonly algorithm: string; readonly until: number }[] = [];

    constructor(readonly client: Client) {}

    async tick(): Promise<void> {
      if (this.verifiers.length < 8) {
        const make = this.verifiers.length % 2 === 0 ? fastJwtVerifier : jsonwebtokenVerifier;
        this.verifiers.push(make({ issuer, audience: issuer }));
      }
      await this.client.refresh();
      const token = this.client.accessToken ?? '';
      const { alg, kid } = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString());
      expect(kid).toBe(active().kid);
      const claims = JSON.parse(Buffer.from(token.split('.', 2)[1] ?? '', 'base64url').toString());
      this.#living.push({ token, algorithm: alg, until: claims.exp * 1000 });
      this.#living = this.#living.filter(({ until }) => until > Date.now());
      for (const verifier of this.verifiers) await this.#check(verifier, claims.sub);
    }

    async #check(verifier: CachingVerifier, subject: string): Promise<void> {
      const published = ring()
        .jwks()
        .keys.map((key) => String(key['kid']));
      for (const { token, algorithm } of this.#living) {
        if (!verifier.algorithms.includes(algorithm)) continue;
        try {
          expect(await verifier.verify(token)).toBe(subject);
        } catch (fault) {
          const because = fault instanceof Error ? fault.message : String(fault);
          this.refusals.push({ verifier: verifier.name, algorithm, because });
        }
        const path = `${algorithm} by ${verifier.name}`;
        this.checked.set(path, (this.checked.get(path) ?? 0) + 1);
        if (published.some((kid) => !verifier.known.has(kid))) this.staleChecks += 1;
      }
    }

    /** Ticks until `done`; a rotation that never comes fails the test. */
    async until(done: () => boolean): Promise<void> {
      for (let tick = 0; !done(); tick++) {
        if (tick > 200) throw new Error('what was waited for did not happen');
        await pass(TICK_SECONDS);
        await this.tick();
      }
    }

    async for(seconds: number): Promise<void> {
      const end = Date.now() + seconds * 1000;
      await this.until(() => Date.now() >= end);
    }
  }

  it('refuses no token through planned rotations ES256 → ES256 → EdDSA → RS256', {
    timeout: 180_000,
  }, async () => {
    const stream = new Stream(await api.signedIn('ada@example.test'));
    await stream.for(2 * TOKEN_LIFE_SECONDS);
    const signed = [active().algorithm];
    for (const algorithm of ['ES256', 'EdDSA', 'RS256']) {
      const before = active().kid;
      const asked = await operator.mutate('rotateSigningKey', { algorithm });
      expect(asked.__typename).toBe('RotateSigningKeySuccess');
      await stream.until(() => active().kid !== before);
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(asked.activatesAt ?? ''));
      signed.push(active().algorithm);
      await stream.for(2 * TOKEN_LIFE_SECONDS);
    }
    expect(signed).toEqual(['ES256', 'ES256', 'EdDSA', 'RS256']);
    expect(stream.refusals).toEqual([]);
    for (const verifier of stream.verifiers) {
      for (const algorithm of verifier.algorithms) {
        expect(stream.checked.get(`${algorithm} by ${verifier.name}`), algorithm).toBeGreaterThan(50);
      }
    }
    // The caches were stale, and were refilled in the course of it: otherwise nothing has been shown.
    expect(stream.staleChecks).toBeGreaterThan(100);
    for (const { fetches, name } of stream.verifiers) expect(fetches, name).toBeGreaterThan(8);
    const total = [...stream.checked.values()].reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `${total} verifications by ${stream.verifiers.length} verifiers, ${stream.staleChecks} of them with a stale cache, 0 refused\n`,
    );
  });

  it('has a verifier refuse where a rotation is forced: what the wait is for', async () => {
    const stream = new Stream(await api.signedIn('ada@example.test'));
    await stream.for(TOKEN_LIFE_SECONDS);
    await operator.mutate('rotateSigningKey', { algorithm: 'EdDSA', force: true });
    await stream.for(2 * TOKEN_LIFE_SECONDS);
    expect(stream.refusals.length).toBeGreaterThan(0);
    for (const { because } of stream.refusals) expect(because).toMatch(/key|kid/i);
  });

  it('answers a leaked key: what was forged with it dies, sessions live, and nobody signs in again', async () => {
    const clients: Client[] = [];
    for (const name of ['ada', 'grace', 'edsger']) clients.push(await api.signedIn(`${name}@example.test`));
    const { app } = api.counterfoil;
    const stored = (await app.store.keys.load()).keys.find(({ kid }) => kid === active().kid);
    const masterKey = readMasterKey(MASTER_KEY);
    if (stored === undefined || masterKey === null) throw new Error('the active key is not in the store');
    const leaked = await openSigning(stored, masterKey);
    const victim: AccessClaims = JSON.parse(
      Buffer.from(clients[0]?.accessToken?.split('.')[1] ?? '', 'base64url').toString(),
    );
    const operatorId = (await operator.whoAmI()) as AccessClaims['sub'];
    const forge = () =>
      signAccessToken(
        {
          ...victim,
          jti: 'forged',
          sub: operatorId,
          scope: 'user operator',
          iat: Date.now() / 1000,
          exp: Date.now() / 1000 + 299,
        },
        leaked,
      );
    const thief = api.client();
    thief.accessToken = await forge();
    expect(await thief.outcome('{ signingKeys { kid } }')).toHaveLength(2);

    const answer = await operator.mutate('revokeSigningKey', { kid: leaked.kid, reason: 'it leaked' });
    expect(answer).toMatchObject({
      __typename: 'RevokeSigningKeySuccess',
      revoked: { kid: leaked.kid, state: 'REVOKED' },
    });
    expect(await thief.outcome('{ signingKeys { kid } }')).toBe('UNAUTHENTICATED');
    expect(await thief.whoAmI()).toBe('UNAUTHENTICATED');
    thief.accessToken = await forge();
    expect(await thief.whoAmI()).toBe('UNAUTHENTICATED');

    for (const client of clients) {
      expect(await client.whoAmI()).toBe('UNAUTHENTICATED');
      expect((await client.refresh()).__typename).toBe('RefreshSuccess');
      expect(await client.whoAmI()).toMatch(/^[\w-]{22}$/);
    }
    await operator.refresh();
    const logins = await app.store.audit.list(
      { userId: null, kind: 'login.succeeded' },
      { first: 100, after: null },
    );
    expect(logins.items).toHaveLength(clients.length + 1);
    const published = (await (await fetch(`${issuer}/.well-known/jwks.json`)).json()) as {
      keys: { kid: string }[];
    };
    expect(published.keys.map(({ kid }) => kid)).not.toContain(leaked.kid);
    expect(
      (await app.store.keys.load()).keys.find(({ kid }) => kid === leaked.kid)?.sealedPrivateKey,
    ).toBeNull();
  });

  it('has a caching verifier refuse what a leaked key signed as soon as its copy of the JWKS is past its max-age', async () => {
    const ada = await api.signedIn('ada@example.test');
    const verifier = fastJwtVerifier({ issuer, audience: issuer });
    const subject = await verifier.verify(ada.accessToken ?? '');
    await pass(200);
    await ada.refresh();
    const signedByLeaked = ada.accessToken ?? '';
    await operator.mutate('revokeSigningKey', { kid: active().kid, reason: 'it leaked' });
    await pass(99);
    expect(await verifier.verify(signedByLeaked)).toBe(subject);
    await pass(1);
    await expect(verifier.verify(signedByLeaked)).rejects.toThrow(/fetch key/);
    await ada.refresh();
    expect(await verifier.verify(ada.accessToken ?? '')).toBe(subject);
  });
});
