/** What a target is before anything is done to it: empty, a copy of the same source, or nothing to write to. */

import { migrationStatusOf } from '../postgres/migrate.js';
import { LEFT_OUT, TABLES } from './plan.js';
import type { Target } from './target.js';

const MIGRATIONS = 'counterfoil_migrations';

export type Standing =
  /** Empty, without our tables. */
  | { readonly kind: 'unmigrated' }
  /** Our tables, empty. */
  | { readonly kind: 'empty' }
  /** An unfinished copy of the same source. */
  | { readonly kind: 'copy' }
  /** `inhabited`: a deployment of ours, which has rows. */
  | { readonly kind: 'unfit'; readonly reason: string; readonly inhabited: boolean };

export async function examine(
  target: Target,
  { url, source, migrations }: { url: string; source: string | null; migrations: string },
): Promise<Standing> {
  const encoding = await target.encoding();
  if (encoding !== 'UTF8') return unfit(`has the encoding ${encoding}; make a database with UTF8`);
  if (!(await target.lock())) return unfit('is being copied to by another process');
  const there = await target.tables();
  const ours = new Set<string>([...TABLES.map(({ name }) => name), ...LEFT_OUT, MIGRATIONS]);
  const strange = there.filter((name) => !ours.has(name));
  if (strange.length > 0)
    return unfit(
      `has tables that are not ours (${strange.slice(0, 3).join(', ')}): use a database of its own`,
    );
  const copied = await target.unfinishedCopyOf();
  if (copied !== null && copied !== source)
    return unfit('is an unfinished copy of another database: drop it, or use another');
  if (there.length === 0) return { kind: 'unmigrated' };
  const { applied, known } = await migrationStatusOf(url, migrations);
  if (applied > known) return unfit('was migrated by a newer version: run that version');
  if (applied < known) return unfit('has tables of an older version: drop it, or use another');
  if (copied !== null) return { kind: 'copy' };
  const inhabited = await target.firstInhabited();
  if (inhabited === null) return { kind: 'empty' };
  return {
    kind: 'unfit',
    inhabited: true,
    reason: `has lived: there are rows in ${inhabited}. Nothing is ever copied over a deployment; use an empty database`,
  };
}

function unfit(reason: string): Standing {
  return { kind: 'unfit', reason, inhabited: false };
}
