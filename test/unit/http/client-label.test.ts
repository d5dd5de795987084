import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientLabelFrom } from '../../../src/http/client-label.js';

const LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0';

describe('the label of a client', () => {
  it.each([
    [LINUX, 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36',
      'Chrome on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
  ])('of %s is read', (userAgent, label) => {
    expect(clientLabelFrom(userAgent)).toBe(label);
  });

  it.each([
    'Your account is locked, call 555-0199/1.0 (X11; Linux x86_64)',
    'your own phone/1.0 (x)',
    '\u202Eenohp ruoy/1.0 (x)',
    'a'.repeat(500),
    '<b>Support</b>/2 x',
  ])('of %s says nothing that a stranger wrote', (userAgent) => {
    expect(clientLabelFrom(userAgent)).toBeNull();
  });

  it('is of known names, whatever is sent', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('Linux', 'Windows', 'Firefox/1', '(', ') ', '/', 'Mozilla/5.0 '),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(clientLabelFrom(pieces.join('')) ?? 'Generic').toMatch(/^[A-Za-z0-9 -]{2,60}$/);
      }),
    );
  });
});
