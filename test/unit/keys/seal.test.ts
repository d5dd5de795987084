import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { masterKeyId, SealBroken, seal, sealedUnder, unseal } from '../../../src/keys/seal.js';
import { systemRandomness } from '../../../src/system/randomness.js';

const KEY = randomBytes(32);
const LABEL = 'signing key abc';
const sealed = (secret: Uint8Array, label = LABEL, key: Uint8Array = KEY) =>
  seal(secret, label, key, systemRandomness);

describe('sealing', () => {
  it('opens to what was sealed, of any length, empty included', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (secret, label) => {
        expect(unseal(sealed(secret, label), label, KEY)).toEqual(Buffer.from(secret));
      }),
    );
  });

  it('does not open when any bit of any byte has been changed', () => {
    const whole = sealed(Buffer.from('a private key'));
    for (let index = 0; index < whole.length; index++) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const damaged = Buffer.from(whole);
        damaged.writeUInt8(damaged.readUInt8(index) ^ bit, index);
        expect(() => unseal(damaged, LABEL, KEY), `byte ${index}, bit ${bit}`).toThrow(SealBroken);
      }
    }
  });

  it('does not open when it has been cut short or made longer, at any length', () => {
    const whole = sealed(Buffer.from('a private key'));
    for (let length = 0; length < whole.length; length++) {
      expect(() => unseal(whole.subarray(0, length), LABEL, KEY), `${length} bytes`).toThrow(SealBroken);
    }
    expect(() => unseal(Buffer.concat([whole, Buffer.alloc(1)]), LABEL, KEY)).toThrow(SealBroken);
  });

  it('does not open under another label, so that no secret can be put in the place of another', () => {
    const whole = sealed(Buffer.from('secret'));
    for (const label of ['', 'signing key abd', `${LABEL} `, 'refresh secret 1']) {
      expect(() => unseal(whole, label, KEY), label).toThrow(/damaged or was sealed as something else/);
    }
  });

  it('does not open under another master key, and names both by ids that give nothing away', () => {
    const other = randomBytes(32);
    const whole = sealed(Buffer.from('secret'));
    expect(() => unseal(whole, LABEL, other)).toThrow(masterKeyId(other));
    expect(() => unseal(whole, LABEL, other)).toThrow(masterKeyId(KEY));
    expect(sealedUnder(whole)).toBe(masterKeyId(KEY));
    expect(KEY.toString('hex')).not.toContain(masterKeyId(KEY));
  });

  it('does not open under another master key that is passed off as the right one by its id', () => {
    const other = randomBytes(32);
    const whole = sealed(Buffer.from('secret'));
    Buffer.from(masterKeyId(other), 'hex').copy(whole, 1);
    expect(() => unseal(whole, LABEL, other)).toThrow(SealBroken);
  });

  it('uses a nonce once: of 10,000 sealings of one secret no two are alike', () => {
    const secret = Buffer.from('secret');
    const nonces = new Set<string>();
    for (let count = 0; count < 10_000; count++) nonces.add(sealed(secret).subarray(5, 17).toString('hex'));
    expect(nonces.size).toBe(10_000);
  });

  it('shows nothing of the secret', () => {
    const secret = randomBytes(64);
    expect(sealed(secret).includes(secret.subarray(0, 8))).toBe(false);
  });

  it('puts neither secret nor master key into the error', () => {
    const secret = Buffer.from('very secret text');
    try {
      unseal(sealed(secret), 'other label', KEY);
      expect.unreachable();
    } catch (fault) {
      const text = JSON.stringify(fault, Object.getOwnPropertyNames(fault));
      expect(text).not.toContain('very secret text');
      expect(text).not.toContain(KEY.toString('hex'));
      expect(text).not.toContain(KEY.toString('base64'));
    }
  });
});
