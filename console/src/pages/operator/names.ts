/** What users are called, for pages that know only their ids: each is asked once, and the page is there before the answers. */

import { useEffect, useRef, useState } from 'react';
import { UserDocument } from '../../generated/graphql.js';
import { ask } from '../../session/client.js';

export interface Named {
  readonly name: string;
  readonly email: string;
}
/** Null for whoever is not there any more; nothing for whoever has not been heard of yet. */
export type Names = ReadonlyMap<string, Named | null>;

export function useNames(ids: readonly (string | null)[]): Names {
  const [names, setNames] = useState<Names>(new Map());
  const asked = useRef(new Set<string>());
  const key = [...new Set(ids)].filter((id) => id !== null && id !== '').join(' ');
  useEffect(() => {
    for (const id of key.split(' ')) {
      if (id === '' || asked.current.has(id)) continue;
      asked.current.add(id);
      ask(UserDocument, { id, first: 1 }).then(
        ({ user }) => setNames((now) => new Map(now).set(id, user)),
        // The id stands there instead; the next list that names it asks again.
        () => asked.current.delete(id),
      );
    }
  }, [key]);
  return names;
}
