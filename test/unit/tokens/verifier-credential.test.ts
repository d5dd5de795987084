import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierFromBytes, type VerifierId } from '../../../src/entities/identifier.js';
import {
  readVerifierCredential,
  verifierSecretHash,
  writeVerifierCredential,
} from '../../../src/tokens/verifier-credential.js';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const written = fc
  .tuple(bytes(16), bytes(32))
  .map(([id, secret]) => ({ id: identifierFromBytes<VerifierId>(id), secret }));

describe('the credential of a verifier', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(written, ({ id, secret }) => {
        const read = readVerifierCredential(writeVerifierCredential(id, secret));
        expect(read?.id).toBe(id);
        expect(Buffer.from(read?.secret ?? []).equals(secret)).toBe(true);
      }),
    );
  });

  it('has one spelling: whatever one character is changed into, it is none', () => {
    fc.assert(
      fc.property(
        written,
        fc.nat(74),
        fc.string({ minLength: 0, maxLength: 2 }),
        ({ id, secret }, at, other) => {
          const text = writeVerifierCredential(id, secret);
          const changed = text.slice(0, at) + other + text.slice(at + 1);
          fc.pre(changed !== text);
          expect(readVerifierCredential(changed)).toBeNull();
        },
      ),
    );
  });

  it('stays the same text from version to version', () => {
    const id = identifierFromBytes<VerifierId>(Buffer.alloc(16, 1));
    const text = writeVerifierCredential(id, Buffer.alloc(32, 2));
    expect(text).toBe('cfv_AQEBAQEBAQEBAQEBAQEBAQECAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAiMTRB8');
    expect(verifierSecretHash(Buffer.alloc(32, 2)).toString('hex')).toMatch(/^75877bb41d393b5f/);
  });

  it.each(['', 'cfv_', 'cfr_nonsense', `cfv_${'A'.repeat(71)}`, ` cfv_${'A'.repeat(71)}`])(
    '%j is none',
    (text) => {
      expect(readVerifierCredential(text)).toBeNull();
    },
  );
});
