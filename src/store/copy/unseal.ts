/** The way back: a SQLite file that had been moved serves again. What happened at the target since is not in it. */

import { existsSync } from 'node:fs';
import { Connection } from '../sqlite/connection.js';
import { unseal } from '../sqlite/move.js';

/** Answers where the deployment had moved, or null where it had not, or there is no file. */
export function unsealSqlite(file: string): string | null {
  if (!existsSync(file)) return null;
  const connection = new Connection(file);
  try {
    return unseal(connection.raw);
  } finally {
    connection.close();
  }
}
