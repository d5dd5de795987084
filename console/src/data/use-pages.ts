/** A Relay connection in a component, read forwards: the pages so far as one list, and the next on demand. */

import { useCallback, useEffect, useRef, useState } from 'react';
import type { TypedDocument } from '../../../src/client/index.js';
import { ask } from '../session/client.js';
import { useReturn } from '../session/returns.js';
import { type Fault, faultOf } from './faults.js';

const PAGE_SIZE = 20;
/** What the API gives at most at once. */
const MOST = 100;

interface Connection<Node> {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface Pages<Data, Node> {
  /** Null until the first page is there. */
  readonly items: readonly Node[] | null;
  /** The last answer as a whole, for what stands beside the list. */
  readonly data: Data | null;
  readonly hasMore: boolean;
  readonly fault: Fault | null;
  readonly isLoading: boolean;
  /** From the top, as much as is shown now. */
  reload(): Promise<void>;
  more(): Promise<void>;
}

/** `connectionOf` finds the list in an answer; null where there is none, such as of a user who does not exist. */
export function usePages<Data, Node, Variables extends { first?: number; after?: string | null | undefined }>(
  document: TypedDocument<Data, Variables>,
  variables: Omit<Variables, 'first' | 'after'>,
  connectionOf: (data: Data) => Connection<Node> | null | undefined,
): Pages<Data, Node> {
  const key = JSON.stringify(variables);
  const [state, setState] = useState<
    // Of what the rows are: rows of one question never stand under another, but for the moment until it is answered.
    Omit<Pages<Data, Node>, 'reload' | 'more'> & { cursor: string | null; of: string }
  >({
    items: null,
    data: null,
    hasMore: false,
    fault: null,
    isLoading: true,
    cursor: null,
    of: key,
  });
  const asking = useRef<AbortController | null>(null);
  const present = useRef(state);
  present.current = state;
  const pick = useRef(connectionOf);
  pick.current = connectionOf;

  const load = useCallback(
    async (first: number, after: string | null) => {
      asking.current?.abort();
      const controller = new AbortController();
      asking.current = controller;
      setState((now) => ({ ...now, isLoading: true }));
      try {
        const data = await ask(
          document,
          { ...JSON.parse(key), first, after } as Variables,
          controller.signal,
        );
        if (controller.signal.aborted) return;
        const connection = pick.current(data);
        const nodes = connection?.edges.map(({ node }) => node) ?? [];
        setState((now) => ({
          items: after === null ? nodes : [...(now.items ?? []), ...nodes],
          data,
          hasMore: connection?.pageInfo.hasNextPage ?? false,
          cursor: connection?.pageInfo.endCursor ?? null,
          fault: null,
          isLoading: false,
          of: key,
        }));
      } catch (error) {
        if (controller.signal.aborted) return;
        const kept = (now: typeof state) =>
          now.of === key ? now : { ...now, items: null, data: null, hasMore: false, cursor: null, of: key };
        setState((now) => ({ ...kept(now), fault: faultOf(error), isLoading: false }));
      }
    },
    [document, key],
  );

  const reload = useCallback(
    () => load(Math.min(MOST, Math.max(PAGE_SIZE, present.current.items?.length ?? 0)), null),
    [load],
  );
  const more = useCallback(() => load(PAGE_SIZE, present.current.cursor), [load]);
  useEffect(() => {
    void load(PAGE_SIZE, null);
    return () => asking.current?.abort();
  }, [load]);
  useReturn(reload);
  const { cursor: _cursor, of, ...shown } = state;
  return { ...shown, hasMore: shown.hasMore && of === key, reload, more };
}
