/** What happened to an account, newest first, under ids and cursors that say nothing of anybody else. */

import { type Activity, activityOf } from '../entities/activity.js';
import type { SessionId, UserId } from '../entities/identifier.js';
import type { Page, PageRequest } from '../entities/page.js';
import { activityIds } from '../tokens/activity-id.js';
import type { AccountParts } from './parts.js';

/** Behind it lies nothing: events are numbered from 1 on. */
const NOWHERE = 0;

export interface NamedActivity extends Activity {
  /** Is its cursor, too. */
  readonly id: string;
}

/** `reader`: the device on which it is read; null where that is not one of the account's yet. */
export async function activityPage(
  { store, keyring }: Pick<AccountParts, 'store' | 'keyring'>,
  userId: UserId,
  reader: SessionId | null,
  { first, after }: PageRequest,
): Promise<Page<NamedActivity>> {
  const ids = activityIds(keyring.ring.currentSecret(), userId);
  const from = after === null ? null : String(ids.read(after) ?? NOWHERE);
  const page = await store.audit.list({ userId, kind: null }, { first, after: from });
  const items = page.items.map(({ item }) => {
    const id = ids.write(item.sequence);
    return { item: { id, ...activityOf(item, reader) }, cursor: id };
  });
  return { items, hasNextPage: page.hasNextPage };
}
