import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What ends sessions: an end, an epoch, a user's removal, or a row of the revocation log. */
const WRITES = {
  'writes the end of a session': /\.set\(\{[^}]*\bend(edAt|Reason)\b/,
  'writes an epoch': /\.set\(\{[^}]*\bepoch\b/,
  'removes a user': /\.delete\(users\)/,
  'appends to the revocation log': /\.insert\(revocations\)/,
};

describe.each(['src/store/sqlite', 'src/store/postgres'])('every way a session can end, in %s', (store) => {
  const sources = readdirSync(store).map((name) => ({ name, text: readFileSync(join(store, name), 'utf8') }));

  it.each(Object.entries(WRITES))('goes through one door: only ending.ts %s', (_what, write) => {
    expect(sources.filter(({ text }) => write.test(text)).map(({ name }) => name)).toEqual(['ending.ts']);
  });
});
