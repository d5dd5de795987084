import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceNameFrom } from '../../../src/account/device-name.js';
import { readReason } from '../../../src/entities/reason.js';
import { isBlank, isMisleading, legible } from '../../../src/entities/text.js';

/** By number: as themselves they would direct this file. */
const DIRECTING = [0x061c, 0x200e, 0x200f, 0x202a, 0x202d, 0x202e, 0x2066, 0x2069];
const BREAKING = [0x00, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x2028, 0x2029];
const HALVES = [0xd800, 0xdfff];
const named = (codes: readonly number[]) =>
  codes.map((code) => [code.toString(16), String.fromCharCode(code)] as const);

describe('text that others read', () => {
  it.each(named([...DIRECTING, ...BREAKING, ...HALVES]))('U+%s is refused and left out', (_, character) => {
    const text = `ada${character}nimda`;
    expect(isMisleading(text)).toBe(true);
    expect(readReason(text).kind).toBe('unusable');
    expect(deviceNameFrom(text)).toMatch(/^ada ?nimda$/);
  });

  it.each(['山田太郎', 'می‌خواهم', '👩‍👩‍👧', '🏴\u{E0067}\u{E0062}\u{E007F}', 'Zoë', 'क्‍ष', "O'Neil-Smith"])(
    '%s stays',
    (text) => {
      expect(isMisleading(text)).toBe(false);
      expect(legible(text)).toBe(text);
      expect(isBlank(text)).toBe(false);
      expect(deviceNameFrom(text)).toBe(text);
    },
  );

  it.each(
    named([
      0x20, 0xa0, 0xad, 0x34f, 0x115f, 0x180e, 0x200b, 0x200d, 0x2060, 0x2800, 0x3000, 0x3164, 0xfe0f, 0xfeff,
    ]),
  )('of U+%s alone there is nothing to see', (_, character) => {
    expect(isBlank(character.repeat(3))).toBe(true);
    expect(deviceNameFrom(character)).toBeNull();
  });

  it('what is legible misleads nobody', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(isMisleading(legible(text))).toBe(false);
      }),
    );
  });
});
