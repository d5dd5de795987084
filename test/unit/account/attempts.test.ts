import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countingGate, PAIR_RULES } from '../../../src/account/attempts.js';
import { addressKey } from '../../../src/entities/address.js';
import type { Database } from '../../../src/store/ports/database.js';
import { openSqlite } from '../../../src/store/sqlite/open.js';

const GUESS = {
  kind: 'by-address' as const,
  account: 'ada@example.com',
  ipAddress: '203.0.113.7',
  isKnown: async () => false,
};

describe('the gate that counts guesses', () => {
  let folder: string;
  let database: Database;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'attempts-'));
    database = openSqlite(join(folder, 'a.db'), 'schema/migrations/sqlite');
    await database.migrate();
  });
  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  const perMinute = PAIR_RULES[0]?.points ?? 0;

  it('never lets more guesses through at once than a rule has points', async () => {
    const gate = countingGate(database.store().attempts);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => gate.guess(GUESS)));
    expect(outcomes.filter(({ kind }) => kind === 'go')).toHaveLength(perMinute);
  });

  it('gives a guess that was never carried out back without forgetting the failures before it', async () => {
    const gate = countingGate(database.store().attempts);
    for (let failure = 1; failure < perMinute; failure++) await gate.guess(GUESS);
    for (let round = 0; round < 3; round++) {
      const attempt = await gate.guess(GUESS);
      expect(attempt.kind).toBe('go');
      if (attempt.kind === 'go') await attempt.undone();
    }
    expect((await gate.guess(GUESS)).kind).toBe('go');
    expect((await gate.guess(GUESS)).kind).toBe('throttled');
  });

  it('forgets the failures of a pair once one of them was honest', async () => {
    const gate = countingGate(database.store().attempts);
    for (let round = 0; round < 3 * perMinute; round++) {
      const attempt = await gate.guess(GUESS);
      expect(attempt.kind).toBe('go');
      if (attempt.kind === 'go') await attempt.honest();
    }
  });
});

describe('what counts as one address', () => {
  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::ffff:198.51.100.4', '198.51.100.4', true],
    ['198.51.100.4', '198.51.100.5', false],
  ])('%s and %s: %s', (a, b, same) => {
    expect(addressKey(a) === addressKey(b)).toBe(same);
  });
});
