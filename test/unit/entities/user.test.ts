import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailKey, isEmail } from '../../../src/entities/user.js';

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

describe('an address', () => {
  it.each(['ada@example.com', 'ünï+tag@exämple.com', '用户@例子.公司', "o'neill@example.com"])(
    'may be %s',
    (text) => expect(isEmail(text)).toBe(true),
  );

  it.each(['\u115F', '\u1160', '\u3164', '\uFFA0', '\u200B', '\u00AD', '\uFE0F', '\u034F'])(
    'holds no letter that nobody sees: %j',
    (letter) => {
      expect(isEmail(`a${letter}da@example.com`)).toBe(false);
      expect(isEmail(`ada@exam${letter}ple.com`)).toBe(false);
    },
  );
});
