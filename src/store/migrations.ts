/** How many migrations this version knows, from the journal that Drizzle's kit keeps beside them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function knownMigrations(folder: string): number {
  const journal: { entries: unknown[] } = JSON.parse(
    readFileSync(join(folder, 'meta', '_journal.json'), 'utf8'),
  );
  return journal.entries.length;
}
