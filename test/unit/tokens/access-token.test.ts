import { CompactSign, generateKeyPair } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { identifierFromBytes } from '../../../src/entities/identifier.js';
import {
  type AccessClaims,
  type Expectations,
  signAccessToken,
  verifyAccessToken,
} from '../../../src/tokens/access-token.js';
import { writeRefreshToken } from '../../../src/tokens/refresh-token.js';
import { CLAIMS, NOW } from './claims.js';

const SECONDS = NOW / 1000;
/** The thumbprint of a key is 32 bytes in base64url. */
const KID = identifierFromBytes(new Uint8Array(32).fill(201));

let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let others: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
  [keys, others] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
});

function expectations(changes: Partial<Expectations> = {}): Expectations {
  return {
    issuer: CLAIMS.iss,
    audience: CLAIMS.aud,
    now: NOW,
    skewMs: 30_000,
    expiryLeewayMs: 0,
    maxLifetimeMs: 300_000,
    findKey: (kid) => (kid === KID ? { kid, algorithm: 'ES256', publicKey: keys.publicKey } : undefined),
    ...changes,
  };
}

const sign = (claims: AccessClaims) =>
  signAccessToken(claims, { kid: KID, algorithm: 'ES256', privateKey: keys.privateKey });

/** A token whose signature is good, whatever it says. */
function signRaw(
  payload: string,
  header: object = { alg: 'ES256', typ: 'at+jwt', kid: KID },
): Promise<string> {
  return new CompactSign(Buffer.from(payload))
    .setProtectedHeader(header as { alg: string })
    .sign(keys.privateKey);
}

const faultOf = async (token: string, changes: Partial<Expectations> = {}) => {
  const verification = await verifyAccessToken(token, expectations(changes));
  return verification.kind === 'refused' ? verification.fault : 'verified';
};

describe('an access token', () => {
  it('carries every claim of RFC 9068 and comes back as it was signed', async () => {
    const verification = await verifyAccessToken(await sign(CLAIMS), expectations());
    expect(verification).toEqual({ kind: 'verified', claims: CLAIMS, kid: KID });
  });

  it('has a header of exactly alg, typ and kid', async () => {
    const [header] = (await sign(CLAIMS)).split('.');
    const fields: unknown = JSON.parse(Buffer.from(header ?? '', 'base64url').toString());
    expect(fields).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: KID });
  });

  it('has at most 600 bytes with every claim, two roles and an https issuer', async () => {
    expect(Buffer.byteLength(await sign(CLAIMS))).toBeLessThanOrEqual(600);
  });
});

describe('the instants at which it is good', () => {
  it('begin as early as the skew allows, to the millisecond', async () => {
    const token = await sign(CLAIMS);
    expect(await faultOf(token, { now: NOW - 30_000 })).toBe('verified');
    expect(await faultOf(token, { now: NOW - 30_001 })).toBe('not-yet-valid');
  });

  it('end with `exp`, to the millisecond, or as much later as the leeway says', async () => {
    const token = await sign(CLAIMS);
    const expiry = CLAIMS.exp * 1000;
    expect(await faultOf(token, { now: expiry - 1 })).toBe('verified');
    expect(await faultOf(token, { now: expiry })).toBe('expired');
    expect(await faultOf(token, { now: expiry + 29_999, expiryLeewayMs: 30_000 })).toBe('verified');
    expect(await faultOf(token, { now: expiry + 30_000, expiryLeewayMs: 30_000 })).toBe('expired');
  });

  it('are no more than policy grants, even where the signature is good', async () => {
    expect(await faultOf(await sign({ ...CLAIMS, exp: CLAIMS.iat + 301 }))).toBe('lives-too-long');
  });
});

describe('what is refused, and why', () => {
  it('another issuer and another audience', async () => {
    const token = await sign(CLAIMS);
    expect(await faultOf(token, { issuer: `${CLAIMS.iss}/` })).toBe('wrong-issuer');
    expect(await faultOf(token, { audience: 'https://other.example.com' })).toBe('wrong-audience');
  });

  it('a refresh token, by its kind', async () => {
    const secret = { version: 1, bytes: new Uint8Array(32) };
    expect(await faultOf(writeRefreshToken(secret, new Uint8Array(16), CLAIMS.sid, 0))).toBe('refresh-token');
  });

  it.each(['JWT', 'jwt', 'AT+JWT', 'application/at+jwt', 'id+jwt', ''])(
    'typ %j, by its type',
    async (typ) => {
      const token = await signRaw(JSON.stringify(CLAIMS), { alg: 'ES256', typ, kid: KID });
      expect(await faultOf(token)).toBe('wrong-type');
    },
  );

  it('a key it does not know, another key, and an algorithm that is not the key’s', async () => {
    const token = await sign(CLAIMS);
    expect(await faultOf(token, { findKey: () => undefined })).toBe('unknown-key');
    const publicKey = others.publicKey;
    const findKey = () => ({ kid: KID, algorithm: 'ES256' as const, publicKey });
    expect(await faultOf(token, { findKey })).toBe('bad-signature');
    const edwards = () => ({ kid: KID, algorithm: 'EdDSA' as const, publicKey: keys.publicKey });
    expect(await faultOf(token, { findKey: edwards })).toBe('wrong-algorithm');
  });

  it('a token with any one character changed', async () => {
    const token = await sign(CLAIMS);
    for (let index = 0; index < token.length; index++) {
      const changed = token[index] === 'A' ? 'B' : 'A';
      const fault = await faultOf(token.slice(0, index) + changed + token.slice(index + 1));
      expect(fault, `character ${index}`).not.toBe('verified');
    }
  });

  it('another spelling of the same bytes, in each of its parts', async () => {
    const token = await sign(CLAIMS);
    const parts = token.split('.');
    for (const index of parts.keys()) {
      const respelled = parts.map((part, at) => (at === index ? `${part}=` : part)).join('.');
      expect(await faultOf(respelled)).toBe('malformed');
    }
    // An ES256 signature is 64 bytes, 86 characters: four bits of the last one are left over.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(token.at(-1) ?? '');
    expect(last % 16).toBe(0);
    for (let unused = 1; unused < 16; unused++)
      expect(await faultOf(token.slice(0, -1) + alphabet[last + unused])).toBe('malformed');
  });

  it.each(['', '.', '..', 'a.b', 'a.b.c.d', 'Bearer x.y.z', 'A'.repeat(9000)])(
    '%j, as malformed',
    async (text) => {
      expect(await faultOf(text)).toBe('malformed');
    },
  );

  it.each(['iss', 'aud', 'sub', 'sid', 'client_id', 'iat', 'exp', 'jti', 'epoch', 'scope', 'auth_time'])(
    'a token without %s, or with it as null, a list or an object',
    async (claim) => {
      const { [claim as keyof AccessClaims]: _gone, ...rest } = CLAIMS;
      expect(await faultOf(await signRaw(JSON.stringify(rest)))).toBe('bad-claims');
      for (const value of [null, [], {}, true, ''])
        expect(await faultOf(await signRaw(JSON.stringify({ ...CLAIMS, [claim]: value })))).toBe(
          'bad-claims',
        );
    },
  );

  it.each(['iat', 'exp', 'epoch', 'auth_time'])('%s as text, a fraction, or below zero', async (claim) => {
    for (const value of [String(SECONDS), 1.5, -1, 2 ** 53])
      expect(await faultOf(await signRaw(JSON.stringify({ ...CLAIMS, [claim]: value })))).toBe('bad-claims');
  });

  it('a member twice, 1e400, white space, and bytes that are no UTF-8', async () => {
    const text = JSON.stringify(CLAIMS);
    const twice = text.replace('{', '{"exp":9999999999,');
    const endless = text.replace(`"exp":${CLAIMS.exp}`, '"exp":1e400');
    for (const payload of [twice, endless, ` ${text}`, `${text}\n`, '[]', 'null', '"text"', ''])
      expect(['bad-claims', 'malformed']).toContain(await faultOf(await signRaw(payload)));
  });
});
