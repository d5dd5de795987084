/** Keyset paging: a cursor is the ordering key of the last item seen, so pages stay right while rows come and go. */

import type { Page } from '../entities/page.js';

/** A page out of up to `first + 1` rows: the one too many only says that there is more. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  first: number,
  read: (row: Row) => { item: Item; cursor: string },
): Page<Item> {
  return { items: rows.slice(0, first).map(read), hasNextPage: rows.length > first };
}

/** The number behind a cursor; 0, behind which nothing lies in a descending list, for one that is no number. */
export function numberCursor(cursor: string | null): number | null {
  if (cursor === null) return null;
  return /^\d{1,15}$/.test(cursor) ? Number(cursor) : 0;
}
