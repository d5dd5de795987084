/** One answer of the API in a component: asked when it appears and when its variables change, kept while it is renewed. */

import { useCallback, useEffect, useRef, useState } from 'react';
import type { TypedDocument } from '../../../src/client/index.js';
import { ask } from '../session/client.js';
import { useReturn } from '../session/returns.js';
import { type Fault, faultOf } from './faults.js';

export interface Query<Data> {
  /** The last answer, also while another is on its way or was not to be had. */
  readonly data: Data | null;
  readonly fault: Fault | null;
  readonly isLoading: boolean;
  reload(): Promise<void>;
}

interface State<Data> {
  readonly data: Data | null;
  readonly fault: Fault | null;
  readonly isLoading: boolean;
}

/** Asks again by itself when the page is looked at again, or is back on the network. */
export function useQuery<Data, Variables extends Record<string, unknown>>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
): Query<Data> {
  const [state, setState] = useState<State<Data>>({ data: null, fault: null, isLoading: true });
  const asking = useRef<AbortController | null>(null);
  const key = JSON.stringify(variables);

  const reload = useCallback(async () => {
    asking.current?.abort();
    const controller = new AbortController();
    asking.current = controller;
    setState((now) => ({ ...now, isLoading: true }));
    try {
      const data = await ask(document, JSON.parse(key) as Variables, controller.signal);
      if (!controller.signal.aborted) setState({ data, fault: null, isLoading: false });
    } catch (error) {
      if (!controller.signal.aborted)
        setState(({ data }) => ({ data, fault: faultOf(error), isLoading: false }));
    }
  }, [document, key]);

  useEffect(() => {
    void reload();
    return () => asking.current?.abort();
  }, [reload]);
  useReturn(reload);
  return { ...state, reload };
}
