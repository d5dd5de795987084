import { expect, it } from 'vitest';
import { type Seen, verdictOn } from '../../../console/src/pages/learn/seen.js';

const seen = (generation: number | null, tookMs: number | null): Seen => ({
  jti: 'jti',
  sid: 'sid',
  iat: 0,
  exp: 300,
  at: 0,
  tookMs,
  isFirst: false,
  generation,
});

it('one generation more is a rotation, whoever asked for it', () => {
  expect(verdictOn(seen(4, 12), seen(3, null))).toBe('rotate');
  expect(verdictOn(seen(4, null), seen(3, 12))).toBe('rotate');
});

it('the same generation is a replay where a refresh was asked for, and else no refresh at all', () => {
  expect(verdictOn(seen(3, 12), seen(3, null))).toBe('replay');
  expect(verdictOn(seen(3, null), seen(3, 12))).toBeNull();
});

it('nothing is said of what is not known', () => {
  expect(verdictOn(seen(3, 12), undefined)).toBeNull();
  expect(verdictOn(seen(null, 12), seen(3, 12))).toBeNull();
  expect(verdictOn(seen(3, 12), seen(null, 12))).toBeNull();
});
