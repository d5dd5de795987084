import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailKey } from '../../../src/entities/user.js';

describe('the key that addresses are compared by', () => {
  it('is its own key, so that whoever registers can sign in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        expect(emailKey(emailKey(text))).toBe(emailKey(text));
      }),
      { numRuns: 2000 },
    );
    expect(emailKey(emailKey('\u037Aada@example.com'))).toBe(emailKey('\u037Aada@example.com'));
  });

  it.each([
    ['Ada@Example.COM', 'ada@example.com'],
    [' ada@example.com ', 'ada@example.com'],
    ['ａｄａ@example.com', 'ada@example.com'],
  ])('makes %j and %j one', (a, b) => {
    expect(emailKey(a)).toBe(emailKey(b));
  });
});
