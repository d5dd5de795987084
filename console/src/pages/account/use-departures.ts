/** Keeps what has left a list in sight for as long as its leaving is drawn. */

import { useEffect, useRef, useState } from 'react';

const LEAVING_MS = 450;

/** The items, with those that have just gone still in their places and marked. */
export function useDepartures<Item extends { readonly id: string }>(
  items: readonly Item[],
): readonly { readonly item: Item; readonly isLeaving: boolean }[] {
  const before = useRef<readonly Item[]>(items);
  const [leaving, setLeaving] = useState<readonly { readonly item: Item; readonly at: number }[]>([]);
  useEffect(() => {
    const gone = before.current
      .map((item, at) => ({ item, at }))
      .filter(({ item }) => !items.some(({ id }) => id === item.id));
    before.current = items;
    if (gone.length === 0) return;
    setLeaving((now) => [...now, ...gone]);
    setTimeout(() => setLeaving((now) => now.filter((each) => !gone.includes(each))), LEAVING_MS);
  }, [items]);
  const shown = items.map((item) => ({ item, isLeaving: false }));
  for (const { item, at } of leaving)
    if (!items.some(({ id }) => id === item.id)) shown.splice(at, 0, { item, isLeaving: true });
  return shown;
}
