import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierFromBytes, isIdentifier, type SessionId } from '../../../src/entities/identifier.js';
import { isOwnTokenId, NONCE_BYTES, writeTokenId } from '../../../src/tokens/token-id.js';

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const owners = fc.record({
  id: bytesOf(16).map((bytes) => identifierFromBytes<SessionId>(bytes)),
  salt: bytesOf(16),
});
const secrets = fc.record({ version: fc.nat(255), bytes: bytesOf(32) });
const times = fc.integer({ min: 0, max: 2 ** 40 });

describe('the identifier of an access token', () => {
  it('is known again for its session and its time, and has the length of any other identifier', () => {
    fc.assert(
      fc.property(secrets, owners, times, bytesOf(NONCE_BYTES), (secret, session, issuedAt, nonce) => {
        const id = writeTokenId(secret, session, issuedAt, nonce);
        expect(isIdentifier(id)).toBe(true);
        expect(isOwnTokenId(secret, session, { id, issuedAt })).toBe(true);
      }),
    );
  });

  it('is not known under another secret, for another session, at another time, or with any bit changed', () => {
    fc.assert(
      fc.property(
        fc.tuple(secrets, secrets),
        fc.tuple(owners, owners),
        times,
        bytesOf(NONCE_BYTES),
        fc.nat(127),
        ([secret, otherSecret], [session, other], issuedAt, nonce, bit) => {
          const id = writeTokenId(secret, session, issuedAt, nonce);
          expect(isOwnTokenId(otherSecret, session, { id, issuedAt })).toBe(false);
          expect(isOwnTokenId(secret, other, { id, issuedAt })).toBe(false);
          expect(isOwnTokenId(secret, { ...session, id: other.id }, { id, issuedAt })).toBe(false);
          expect(isOwnTokenId(secret, session, { id, issuedAt: issuedAt + 1 })).toBe(false);
          const bytes = Buffer.from(id, 'base64url');
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          expect(isOwnTokenId(secret, session, { id: bytes.toString('base64url'), issuedAt })).toBe(false);
        },
      ),
    );
  });

  it('is not known of anything else', () => {
    const secret = { version: 1, bytes: new Uint8Array(32) };
    const session = { id: identifierFromBytes<SessionId>(new Uint8Array(16)), salt: new Uint8Array(16) };
    for (const id of ['', 'forged', 'x'.repeat(22), 'x'.repeat(400)])
      expect(isOwnTokenId(secret, session, { id, issuedAt: 0 })).toBe(false);
  });
});
