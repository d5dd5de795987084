/**
 * Known attacks on JWT verification (RFC 8725; ASVS V9), each by name: tokens that nobody may accept. Where an attack could
 * only fail for its signature, it is signed with the server's own key, so that the check it is about is the one that
 * refuses it. The table is held against the server, and against the verifier for other services.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rotateSigningKey } from '../../src/account/signing-keys.js';
import type { SigningAlgorithm } from '../../src/entities/signing-key.js';
import {
  base64url,
  foreignKey,
  forge,
  hmacSigner,
  type StolenKey,
  signerOf,
  stealActiveKey,
} from './forge.js';
import { type Loopback, startLoopback } from './loopback.js';

const NOBODY = { userId: null, caller: { ipAddress: null, clientLabel: null } };

type Claims = Record<string, unknown> & { iat: number; exp: number };

/** A server, somebody signed in there, and what an insider would know of both. */
export interface Target {
  readonly loopback: Loopback;
  readonly key: StolenKey;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly header: Record<string, unknown>;
  readonly claims: Claims;
  /** Signs with the server's own key. */
  readonly own: (input: Buffer) => Uint8Array;
}

export async function target(algorithm: SigningAlgorithm = 'ES256'): Promise<Target> {
  const loopback = await startLoopback();
  const { parts } = loopback.counterfoil.app;
  if (algorithm !== 'ES256') await rotateSigningKey(parts, { algorithm, force: true }, NOBODY);
  const { tokens } = await loopback.client().mutate('register', {
    email: 'victim@example.test',
    password: 'orchid kettle granite 41',
  });
  if (!tokens?.refreshToken) throw new Error('The victim could not be signed in.');
  const key = await stealActiveKey(loopback.counterfoil.app);
  const [header, claims] = tokens.accessToken
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  const own = signerOf(key.privateKey, algorithm === 'EdDSA' ? null : 'sha256');
  const { accessToken, refreshToken } = tokens;
  return { loopback, key, accessToken, refreshToken, header, claims, own };
}

export type Attacks = Readonly<Record<string, () => string>>;

/** What tokens are made with by somebody who has the server's own key. */
export function insider(at: () => Target) {
  /** An attack that changes the header, the payload, or both, and is signed with the server's own key. */
  const ownKey = (
    header: (at: Target) => unknown,
    payload: (at: Target) => unknown = ({ claims }) => claims,
  ) => forge(header(at()), payload(at()), at().own);
  const withHeader = (more: Record<string, unknown>) => ownKey(({ header }) => ({ ...header, ...more }));
  const withClaims = (more: Record<string, unknown>) =>
    ownKey(
      ({ header }) => header,
      ({ claims }) => ({ ...claims, ...more }),
    );
  /** A payload as text, for JSON that no object can be. */
  const withPayloadText = (change: (text: string) => string) =>
    ownKey(
      ({ header }) => header,
      ({ claims }) => change(JSON.stringify(claims)),
    );
  return { ownKey, withHeader, withClaims, withPayloadText };
}

/** A web server with a foreign key, which a token may name and nobody may ask. */
export interface Lure {
  readonly url: (path: string) => string;
  readonly foreign: ReturnType<typeof foreignKey>;
  readonly publicJwk: object;
  /** Requests that it has seen. */
  readonly visits: () => number;
  close(): Promise<void>;
}

export async function startLure(): Promise<Lure> {
  const foreign = foreignKey();
  const publicJwk = { ...foreign.publicKey.export({ format: 'jwk' }), kid: 'mine', alg: 'ES256', use: 'sig' };
  let visits = 0;
  const listener = createServer((_request, response) => {
    visits += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [publicJwk] }));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    foreign,
    publicJwk,
    visits: () => visits,
    close: () => new Promise((resolve) => listener.close(() => resolve())),
  };
}

/** Groups of attacks on an ES256 server. Each token is made when its attack is called. */
export function attackTable(at: () => Target, lure: () => Lure) {
  return {
    algorithm: { ...algorithmAttacks(at), ...secretAttacks(at) },
    key: keyAttacks(at, lure),
    form: formAttacks(at),
    signature: signatureAttacks(at),
    claims: claimAttacks(at),
    kinds: kindAttacks(at),
  } satisfies Readonly<Record<string, Attacks>>;
}

function algorithmAttacks(at: () => Target): Attacks {
  const { ownKey, withHeader } = insider(at);
  const unsigned = (alg: string, signature = '') => {
    const { header, claims } = at();
    return `${base64url(JSON.stringify({ ...header, alg }))}.${base64url(JSON.stringify(claims))}.${signature}`;
  };
  const spellings = ['none', 'None', 'NONE', 'nOnE', 'none ', ''];
  return {
    ...Object.fromEntries(spellings.map((alg) => [`alg "${alg}" without signature`, () => unsigned(alg)])),
    ...Object.fromEntries(
      spellings.map((alg) => [
        `alg "${alg}" with the signature kept`,
        () => unsigned(alg, at().accessToken.split('.')[2]),
      ]),
    ),
    'alg null': () => withHeader({ alg: null }),
    'alg as a list': () => withHeader({ alg: ['ES256', 'none'] }),
    'alg missing': () => ownKey(({ header: { typ, kid } }) => ({ typ, kid })),
    'a stripped signature': () => `${at().accessToken.split('.').slice(0, 2).join('.')}.`,
    'two parts': () => at().accessToken.split('.').slice(0, 2).join('.'),
    ...Object.fromEntries(
      ['ES384', 'ES512', 'ES256K', 'es256', 'RS256', 'PS256', 'EdDSA', 'Ed25519', 'ML-DSA-44'].map((alg) => [
        `alg ${alg} on the ES256 key`,
        () => withHeader({ alg }),
      ]),
    ),
  };
}

function secretAttacks(at: () => Target): Attacks {
  const hashes = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };
  const secrets: Record<string, (key: StolenKey) => Uint8Array | string> = {
    PEM: ({ publicKey }) => publicKey.export({ format: 'pem', type: 'spki' }),
    'PEM without its last newline': ({ publicKey }) =>
      String(publicKey.export({ format: 'pem', type: 'spki' })).trimEnd(),
    DER: ({ publicKey }) => publicKey.export({ format: 'der', type: 'spki' }),
    JWK: ({ publicJwk }) => JSON.stringify(publicJwk),
    'the x of the JWK': ({ publicJwk }) => Buffer.from(String(publicJwk['x'] ?? publicJwk['n']), 'base64url'),
    'an empty key': () => '',
  };
  const attacks: [string, () => string][] = [];
  for (const [alg, hash] of Object.entries(hashes)) {
    for (const [form, secretOf] of Object.entries(secrets)) {
      attacks.push([
        `${alg} with the public key as secret: ${form}`,
        () => {
          const { header, claims, key } = at();
          return forge({ ...header, alg }, claims, hmacSigner(hash, secretOf(key)));
        },
      ]);
    }
  }
  return Object.fromEntries(attacks);
}

function keyAttacks(at: () => Target, lure: () => Lure): Attacks {
  const { ownKey, withHeader } = insider(at);
  const url = (path: string) => lure().url(path);
  const foreignJwk = () => lure().publicJwk;
  const byForeign = (header: (at: Target) => unknown) =>
    forge(header(at()), at().claims, signerOf(lure().foreign.privateKey));
  const kids: Record<string, unknown> = {
    'path traversal': '../../../../../../dev/null',
    'a file': 'file:///dev/null',
    SQL: "x' union select 'secret' -- ",
    'a command': '| sleep 5',
    nothing: '',
    'a number': 1,
    null: null,
    'a list': ['a'],
    'the word __proto__': '__proto__',
    'the word constructor': 'constructor',
    NUL: 'a\u0000b',
    'six kilobytes': 'k'.repeat(6000),
  };
  return {
    'the signature of a foreign key': () => byForeign(({ header }) => header),
    'an embedded jwk': () => byForeign(({ header }) => ({ ...header, jwk: foreignJwk() })),
    'an embedded jwk without kid': () =>
      byForeign(() => ({ alg: 'ES256', typ: 'at+jwt', jwk: foreignJwk() })),
    'an embedded jwk on an honest signature': () => withHeader({ jwk: at().key.publicJwk }),
    jku: () => byForeign(({ header }) => ({ ...header, kid: 'mine', jku: url('/jwks.json') })),
    'jku on an honest signature': () => withHeader({ jku: url('/jwks.json') }),
    x5u: () => byForeign(({ header }) => ({ ...header, x5u: url('/chain.pem') })),
    x5c: () => byForeign(({ header }) => ({ ...header, x5c: ['MIIB'] })),
    'x5t on an honest signature': () => withHeader({ x5t: 'AAAA' }),
    'kid missing': () => ownKey(({ header: { alg, typ } }) => ({ alg, typ })),
    ...Object.fromEntries(
      Object.entries(kids).map(([name, kid]) => [`a kid of ${name}`, () => withHeader({ kid })]),
    ),
  };
}

function formAttacks(at: () => Target): Attacks {
  const { ownKey, withHeader, withPayloadText } = insider(at);
  const parts = () => at().accessToken.split('.') as [string, string, string];
  /** The same bytes with unused bits set in the last character: a spelling that a lax decoder takes. */
  const respelt = (part: string) => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = [...alphabet].find(
      (letter) =>
        letter !== part.at(-1) &&
        Buffer.from(part.slice(0, -1) + letter, 'base64url').equals(Buffer.from(part, 'base64url')),
    );
    if (other === undefined) throw new Error('This part has no other spelling.');
    return part.slice(0, -1) + other;
  };
  /** Signed over its own bytes, so that only the spelling is wrong. */
  const signedOver = (input: string) => `${input}.${base64url(at().own(Buffer.from(input)))}`;
  const spaced = (object: unknown) => JSON.stringify(object, null, 1);
  /** Spaces that make a JSON text need unused bits. */
  const ragged = (object: unknown) => {
    const text = JSON.stringify(object);
    return text.length % 3 === 0 ? { ...(object as object), pad: '' } : object;
  };

  return {
    'the signature’s last character in another spelling': () => {
      const [header, payload, signature] = parts();
      return `${header}.${payload}.${respelt(signature)}`;
    },
    'the header’s last character in another spelling': () => {
      const part = base64url(JSON.stringify(ragged(at().header)));
      return signedOver(`${respelt(part)}.${base64url(JSON.stringify(at().claims))}`);
    },
    'the payload’s last character in another spelling': () => {
      const [header] = parts();
      return signedOver(`${header}.${respelt(base64url(JSON.stringify(ragged(at().claims))))}`);
    },
    'padding after the signature': () => `${at().accessToken}==`,
    'padding after each part': () =>
      parts()
        .map((part) => `${part}=`)
        .join('.'),
    'padding that is signed over': () => signedOver(`${parts()[0]}=.${parts()[1]}==`),
    'base64 instead of base64url': () =>
      signedOver(
        [at().header, { ...at().claims, jti: '\u00ff\u00fe\u00ff???>>>' }]
          .map((part) => Buffer.from(JSON.stringify(part)).toString('base64').replace(/=+$/, ''))
          .join('.'),
      ),
    'white space inside': () => parts().join('. '),
    'a trailing dot': () => `${at().accessToken}.`,
    'a leading dot': () => `.${at().accessToken}`,
    'four parts': () => `${at().accessToken}.AAAA`,
    'a JWE of five parts': () =>
      `${base64url('{"alg":"dir","enc":"A256GCM"}')}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`,
    'the flattened JSON serialization': () => {
      const [header, payload, signature] = parts();
      return JSON.stringify({ protected: header, payload, signature });
    },
    'the general JSON serialization': () => {
      const [header, payload, signature] = parts();
      return JSON.stringify({ payload, signatures: [{ protected: header, signature }] });
    },
    'the JSON serialization in base64url': () => {
      const [header, payload, signature] = parts();
      return base64url(JSON.stringify({ protected: header, payload, signature }));
    },
    'crit with an unknown extension': () => withHeader({ crit: ['exp'], exp: 1 }),
    'crit that is empty': () => withHeader({ crit: [] }),
    'b64: false': () => withHeader({ b64: false, crit: ['b64'] }),
    'b64: false with the payload in the clear': () => {
      const header = base64url(JSON.stringify({ ...at().header, b64: false, crit: ['b64'] }));
      const payload = parts()[1];
      return `${header}.${payload}.${base64url(at().own(Buffer.from(`${header}.${payload}`)))}`;
    },
    'a compressed payload (zip)': () => withHeader({ zip: 'DEF' }),
    'a nested token (cty)': () => withHeader({ cty: 'JWT' }),
    'a member twice in the header': () =>
      ownKey(({ header }) => JSON.stringify(header).replace('{', '{"alg":"none",')),
    'the same member twice in the header': () =>
      ownKey(({ header }) => JSON.stringify(header).replace('{', `{"kid":${JSON.stringify(header['kid'])},`)),
    'a member twice in the payload': () =>
      withPayloadText((text) => text.replace('{', '{"sub":"AAAAAAAAAAAAAAAAAAAAAA",')),
    'a member twice by escape': () =>
      withPayloadText((text) => text.replace('{', '{"\\u0073ub":"AAAAAAAAAAAAAAAAAAAAAA",')),
    'white space in the header': () => ownKey(({ header }) => spaced(header)),
    'white space in the payload': () => withPayloadText((text) => spaced(JSON.parse(text))),
    'a byte order mark': () => withPayloadText((text) => `\ufeff${text}`),
    'invalid UTF-8 in the payload': () => {
      const bytes = Buffer.from(JSON.stringify(at().claims));
      bytes[bytes.indexOf('counterfoil')] = 0xff;
      return signedOver(`${parts()[0]}.${bytes.toString('base64url')}`);
    },
    'a lone surrogate in the payload': () =>
      withPayloadText((text) => text.replace('"jti":"', '"jti":"\\ud800')),
    'a payload that is a list': () => withPayloadText((text) => `[${text}]`),
    'a payload that is no JSON': () => withPayloadText(() => 'sub=victim'),
    'a payload of null': () => withPayloadText(() => 'null'),
    'a payload that inherits what it lacks (__proto__)': () =>
      withPayloadText((text) => text.replace(/"epoch":\d+/, '"__proto__":{"epoch":0}')),
    'an empty text': () => '',
    'dots alone': () => '..',
  };
}

function signatureAttacks(at: () => Target): Attacks {
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  const zero = Buffer.alloc(32);
  const one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
  const fixed = (...halves: Buffer[]) => forge(at().header, at().claims, () => Buffer.concat(halves));
  return {
    'a psychic signature (r = s = 0)': () => fixed(zero, zero),
    'r = 0': () => fixed(zero, one),
    's = 0': () => fixed(one, zero),
    'r and s equal to the order': () => fixed(order, order),
    'r = s = 1': () => fixed(one, one),
    'a signature of 63 bytes': () => fixed(zero, zero.subarray(1)),
    'a signature of 65 bytes': () => fixed(zero, zero, Buffer.alloc(1)),
    'a DER signature': () => {
      const input = at().accessToken.split('.').slice(0, 2).join('.');
      const raw = Buffer.from(at().accessToken.split('.')[2] ?? '', 'base64url');
      const integer = (half: Buffer) => Buffer.concat([Buffer.from([2, 33, 0]), half]);
      const pair = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
      return `${input}.${base64url(Buffer.concat([Buffer.from([0x30, pair.length]), pair]))}`;
    },
    'the signature of another token': () => {
      const { header, claims, accessToken } = at();
      const input = [header, { ...claims, jti: 'other' }].map((part) => base64url(JSON.stringify(part)));
      return [...input, accessToken.split('.')[2]].join('.');
    },
    'a payload that was changed': () => {
      const [header, , signature] = at().accessToken.split('.');
      return `${header}.${base64url(JSON.stringify({ ...at().claims, scope: 'user operator' }))}.${signature}`;
    },
  };
}

function claimAttacks(at: () => Target): Attacks {
  const { ownKey, withClaims, withPayloadText } = insider(at);
  const without = (name: string) =>
    ownKey(
      ({ header }) => header,
      ({ claims }) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name)),
    );
  const required = [
    'iss',
    'aud',
    'sub',
    'sid',
    'client_id',
    'iat',
    'exp',
    'jti',
    'epoch',
    'scope',
    'auth_time',
  ];
  const number = (name: string, text: string) =>
    withPayloadText((payload) => payload.replace(new RegExp(`"${name}":\\d+`), `"${name}":${text}`));
  const audience = () => String(at().claims['aud']);
  const later = (seconds: number) => at().claims.iat + seconds;

  return {
    ...Object.fromEntries(required.map((name) => [`a token without ${name}`, () => without(name)])),
    'exp in the past': () => withClaims({ iat: later(-600), exp: later(-1) }),
    'exp now': () => withClaims({ iat: later(-300), exp: later(0) }),
    'exp as a text': () => withClaims({ exp: String(at().claims.exp) }),
    'exp as a fraction': () => withClaims({ exp: at().claims.exp + 0.5 }),
    'exp as 1e400': () => number('exp', '1e400'),
    'exp as 1e300': () => number('exp', '1e+300'),
    'exp in exponent form': () => number('exp', '1.7672259e9'),
    'exp with leading zeros': () => number('exp', '01767225900'),
    'exp as -0': () => number('exp', '-0'),
    'exp negative': () => withClaims({ exp: -1 }),
    'exp as null': () => withClaims({ exp: null }),
    'exp as true': () => withClaims({ exp: true }),
    'exp as a list': () => withClaims({ exp: [at().claims.exp] }),
    'exp beyond what a number can hold': () => number('exp', '9007199254740993'),
    'a lifetime longer than policy': () => withClaims({ exp: later(301) }),
    'a lifetime of a century': () => withClaims({ exp: later(100 * 365 * 86_400) }),
    'iat in the future': () => withClaims({ iat: later(31), exp: later(300) }),
    'iat as a text': () => withClaims({ iat: String(at().claims.iat) }),
    'iat negative': () => withClaims({ iat: -1 }),
    'nbf in the future': () => withClaims({ nbf: later(31) }),
    'nbf as a text': () => withClaims({ nbf: '0' }),
    'nbf as null': () => withClaims({ nbf: null }),
    'aud of another service': () => withClaims({ aud: 'https://other.example' }),
    'aud as a list with ours in it': () => withClaims({ aud: [audience(), 'https://other.example'] }),
    'aud as a list of ours alone': () => withClaims({ aud: [audience()] }),
    'aud as a part of ours': () => withClaims({ aud: audience().slice(0, -1) }),
    'aud with ours as a part': () => withClaims({ aud: `${audience()}.evil.example` }),
    'aud in another case': () => withClaims({ aud: audience().toUpperCase() }),
    'aud with a slash more': () => withClaims({ aud: `${audience()}/` }),
    'aud as *': () => withClaims({ aud: '*' }),
    'iss of another server': () => withClaims({ iss: 'https://other.example' }),
    'iss with a slash more': () => withClaims({ iss: `${at().claims['iss']}/` }),
    'iss in another case': () => withClaims({ iss: String(at().claims['iss']).toUpperCase() }),
    'iss as a list': () => withClaims({ iss: [at().claims['iss']] }),
    'epoch as a text': () => withClaims({ epoch: '0' }),
    'epoch negative': () => withClaims({ epoch: -1 }),
    'epoch as a fraction': () => withClaims({ epoch: 0.5 }),
    'sub that is no identifier': () => withClaims({ sub: 'admin' }),
    'sub as a list': () => withClaims({ sub: [at().claims['sub']] }),
    'sid that is no identifier': () => withClaims({ sid: '../..' }),
    'scope as a list': () => withClaims({ scope: ['user', 'operator'] }),
    'auth_time as a text': () => withClaims({ auth_time: '0' }),
  };
}

function kindAttacks(at: () => Target): Attacks {
  const { ownKey, withHeader } = insider(at);
  const typ = (value: unknown) => withHeader({ typ: value });
  return {
    'typ JWT': () => typ('JWT'),
    'typ missing': () => ownKey(({ header: { alg, kid } }) => ({ alg, kid })),
    'typ at+JWT': () => typ('at+JWT'),
    'typ AT+JWT': () => typ('AT+JWT'),
    'typ application/at+jwt': () => typ('application/at+jwt'),
    'typ with a space': () => typ('at+jwt '),
    'typ as a list': () => typ(['at+jwt']),
    'typ of a logout token': () => typ('logout+jwt'),
    'typ of a DPoP proof': () => typ('dpop+jwt'),
    'an id token': () =>
      ownKey(
        ({ header }) => ({ ...header, typ: 'JWT' }),
        ({ claims: { iss, aud, sub, iat, exp, auth_time } }) => ({
          iss,
          aud,
          sub,
          iat,
          exp,
          auth_time,
          nonce: 'n',
        }),
      ),
    'a refresh token': () => at().refreshToken,
    'a refresh token in three parts': () => `${at().refreshToken}.AAAA.AAAA`,
  };
}

/** On a server whose key is EdDSA: it is known by that name only. */
export function edwardsAttacks({ header, claims, own, key }: Target): Attacks {
  const x = Buffer.from(String(key.publicJwk['x']), 'base64url');
  return {
    ...Object.fromEntries(
      ['Ed25519', 'ed25519', 'eddsa', 'Ed448', 'ES256'].map((alg) => [
        `alg ${alg} on the EdDSA key`,
        () => forge({ ...header, alg }, claims, own),
      ]),
    ),
    'HS256 with the x of the EdDSA key': () =>
      forge({ ...header, alg: 'HS256' }, claims, hmacSigner('sha256', x)),
  };
}

/** On a server whose key is RSA: it is known by RS256 only. */
export function rsaAttacks({ header, claims, own, key }: Target): Attacks {
  const secrets = {
    PEM: key.publicKey.export({ format: 'pem', type: 'spki' }),
    DER: key.publicKey.export({ format: 'der', type: 'spki' }),
    JWK: JSON.stringify(key.publicJwk),
  };
  return {
    'RS512, signed so': () => forge({ ...header, alg: 'RS512' }, claims, signerOf(key.privateKey, 'sha512')),
    'PS256 on a signature of RS256': () => forge({ ...header, alg: 'PS256' }, claims, own),
    ...Object.fromEntries(
      Object.entries(secrets).map(([form, secret]) => [
        `HS256 with the RSA key as ${form}`,
        () => forge({ ...header, alg: 'HS256' }, claims, hmacSigner('sha256', secret)),
      ]),
    ),
  };
}
