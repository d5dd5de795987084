import { createHmac, hkdfSync } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierFromBytes, type SessionId } from '../../../src/entities/identifier.js';
import {
  hashIdempotencyKey,
  isGenuine,
  MAX_GENERATION,
  readRefreshToken,
  writeRefreshToken,
} from '../../../src/tokens/refresh-token.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BITS = 46 * 8;
/** Generation 5 of the session below. Clients hold such strings for months. */
const PINNED = 'cfr_AQEBAgMEBQYHCAkKCwwNDg8QAAAABdFy-RmVpQYFTIWs1kgO_w5F-H4ZpePfqg';

const SECRET = { version: 1, bytes: new Uint8Array(32).fill(7) };
const SALT = new Uint8Array(16).fill(9);
const SESSION = identifierFromBytes<SessionId>(Uint8Array.from({ length: 16 }, (_, index) => index + 1));

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const issuings = fc.record({
  secret: fc.record({ version: fc.nat(255), bytes: bytesOf(32) }),
  salt: bytesOf(16),
  sessionId: bytesOf(16).map((bytes) => identifierFromBytes<SessionId>(bytes)),
  generation: fc.nat(MAX_GENERATION),
});

function decoded(token: string): Buffer {
  return Buffer.from(token.slice(4), 'base64url');
}

function encoded(bytes: Uint8Array): string {
  return `cfr_${Buffer.from(bytes).toString('base64url')}`;
}

/** The bytes with a checksum that fits them. */
function sealedUp(bytes: Buffer): string {
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 42)), 42);
  return encoded(bytes);
}

/** Whether the server would take the token for one of its own. */
function passes(token: string, secret = SECRET, salt = SALT): boolean {
  const read = readRefreshToken(token);
  return read !== null && isGenuine(read, secret, salt);
}

describe('a refresh token', () => {
  it('is `cfr_` and 46 bytes: version, key version, session, generation, tag, checksum', () => {
    const token = writeRefreshToken({ ...SECRET, version: 3 }, SALT, SESSION, 0x01020304);
    const bytes = decoded(token);
    expect(token).toMatch(/^cfr_[A-Za-z0-9_-]{62}$/);
    expect(bytes).toHaveLength(46);
    expect(bytes[0]).toBe(1);
    expect(bytes[1]).toBe(3);
    expect(identifierFromBytes(bytes.subarray(2, 18))).toBe(SESSION);
    expect([...bytes.subarray(18, 22)]).toEqual([1, 2, 3, 4]);
    expect(bytes.readUInt32BE(42)).toBe(crc32(bytes.subarray(0, 42)));
  });

  it('has the tag that HMAC-SHA-256 gives under the key that HKDF-SHA-256 gives (RFC 5869, RFC 2104)', () => {
    fc.assert(
      fc.property(issuings, ({ secret, salt, sessionId, generation }) => {
        const bytes = decoded(writeRefreshToken(secret, salt, sessionId, generation));
        const key = Buffer.from(hkdfSync('sha256', secret.bytes, salt, 'counterfoil refresh token', 32));
        const said = Buffer.concat([Buffer.from('refresh'), bytes.subarray(2, 22)]);
        const tag = createHmac('sha256', key).update(said).digest().subarray(0, 20);
        expect(bytes.subarray(22, 42)).toEqual(tag);
      }),
    );
  });

  it('is spelled the same for ever: a change of layout or derivation needs a new version', () => {
    const token = writeRefreshToken(SECRET, SALT, SESSION, 5);
    expect(token).toBe(PINNED);
  });

  it('reads back as it was written, and is genuine', () => {
    fc.assert(
      fc.property(issuings, ({ secret, salt, sessionId, generation }) => {
        const read = readRefreshToken(writeRefreshToken(secret, salt, sessionId, generation));
        expect(read).toMatchObject({ keyVersion: secret.version, sessionId, generation });
        expect(read !== null && isGenuine(read, secret, salt)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same whenever it is made again, and another for every generation', () => {
    fc.assert(
      fc.property(issuings, fc.nat(MAX_GENERATION), ({ secret, salt, sessionId, generation }, other) => {
        const token = writeRefreshToken(secret, salt, sessionId, generation);
        expect(writeRefreshToken(secret, salt, sessionId, generation)).toBe(token);
        expect(writeRefreshToken(secret, salt, sessionId, other) === token).toBe(other === generation);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is refused', () => {
  it('a token with any one bit flipped, by the checksum', () => {
    const bytes = decoded(writeRefreshToken(SECRET, SALT, SESSION, 5));
    for (let bit = 0; bit < BITS; bit++)
      expect(readRefreshToken(encoded(flipped(bytes, bit))), `bit ${bit}`).toBeNull();
  });

  it('a token with any one bit flipped and the checksum mended, by the version or the tag', () => {
    const bytes = decoded(writeRefreshToken(SECRET, SALT, SESSION, 5));
    for (let bit = 0; bit < 42 * 8; bit++) {
      const read = readRefreshToken(sealedUp(flipped(bytes, bit)));
      if (bit < 8) expect(read, `bit ${bit} of the version`).toBeNull();
      // The key version picks the secret, and another version's secret is another one.
      else if (bit < 16) expect(read?.keyVersion, `bit ${bit} of the key version`).not.toBe(SECRET.version);
      else expect(read !== null && isGenuine(read, SECRET, SALT), `bit ${bit}`).toBe(false);
    }
  });

  it('any token with any one bit flipped', () => {
    fc.assert(
      fc.property(issuings, fc.nat(BITS - 1), ({ secret, salt, sessionId, generation }, bit) => {
        const bytes = decoded(writeRefreshToken(secret, salt, sessionId, generation));
        expect(passes(encoded(flipped(bytes, bit)), secret, salt)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('a token cut short or made longer, at every length', () => {
    const token = writeRefreshToken(SECRET, SALT, SESSION, 5);
    for (let length = 0; length < token.length; length++)
      expect(readRefreshToken(token.slice(0, length)), `${length} characters`).toBeNull();
    for (const more of ['A', '=', '==', ' ', '\n', '\0', token])
      expect(readRefreshToken(token + more)).toBeNull();
    for (const before of [' ', '\n', 'c', 'Bearer ']) expect(readRefreshToken(before + token)).toBeNull();
  });

  it('every version but 1', () => {
    const bytes = decoded(writeRefreshToken(SECRET, SALT, SESSION, 5));
    for (let version = 0; version < 256; version++) {
      bytes[0] = version;
      expect(readRefreshToken(sealedUp(bytes)) !== null).toBe(version === 1);
    }
  });

  it('every other spelling of the same bytes: the unused bits of the last character must be zero', () => {
    const token = writeRefreshToken(SECRET, SALT, SESSION, 5);
    const last = ALPHABET.indexOf(token.at(-1) ?? '');
    // 46 bytes are 368 bits, 62 characters hold 372: four bits are left over.
    expect(last % 16).toBe(0);
    for (let unused = 1; unused < 16; unused++) {
      const spelling = token.slice(0, -1) + ALPHABET[last + unused];
      expect(decoded(spelling)).toEqual(decoded(token));
      expect(readRefreshToken(spelling)).toBeNull();
    }
  });

  it('the alphabet of plain base64, padding, and another case of the prefix', () => {
    const token = writeRefreshToken(SECRET, SALT, SESSION, 6);
    const plain = `cfr_${decoded(token).toString('base64')}`;
    expect(decoded(plain)).toEqual(decoded(token));
    for (const spelling of [
      plain,
      `${token}==`,
      `CFR_${token.slice(4)}`,
      token.slice(4),
      `cfr-${token.slice(4)}`,
    ])
      expect(readRefreshToken(spelling)).toBeNull();
  });

  it('a token of another instance, by its secret', () => {
    fc.assert(
      fc.property(issuings, bytesOf(32), ({ secret, salt, sessionId, generation }, bytes) => {
        fc.pre(Buffer.compare(bytes, secret.bytes) !== 0);
        const token = writeRefreshToken(secret, salt, sessionId, generation);
        expect(passes(token, { ...secret, bytes }, salt)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('a token of the same session id with another salt', () => {
    fc.assert(
      fc.property(issuings, bytesOf(16), ({ secret, salt, sessionId, generation }, other) => {
        fc.pre(Buffer.compare(salt, other) !== 0);
        const token = writeRefreshToken(secret, salt, sessionId, generation);
        expect(passes(token, secret, other)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('whatever else there is: text of any kind reads as nothing', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      bytesOf(46).map(encoded),
      fc.stringMatching(/^cfr_[A-Za-z0-9_-]{62}$/),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(passes(text)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what is kept of an idempotency key', () => {
  it('is 16 bytes, the same for the same key, and another for another', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const hash = hashIdempotencyKey(one);
        expect(hash).toHaveLength(16);
        expect(Buffer.compare(hash, hashIdempotencyKey(other)) === 0).toBe(one === other);
      }),
      { numRuns: 200 },
    );
  });
});

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (7 - (bit & 7)));
  return copy;
}
