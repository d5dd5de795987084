/** Asks for the figures again and again: not while nobody looks, not while it is paused, and no more after a fault. */

import { useEffect, useState, useSyncExternalStore } from 'react';
import { type Fault, faultOf } from '../../data/faults.js';
import { ServerFiguresDocument } from '../../generated/graphql.js';
import { ask } from '../../session/client.js';
import { type History, NO_HISTORY, showing, withAnswer } from './figures-history.js';

/** From an answer to the next question. */
const EVERY_MS = 2_000;

export interface Watching {
  readonly history: History;
  readonly isPaused: boolean;
  /** Nothing is asked any more, until somebody tries again. */
  readonly fault: Fault | null;
  setPaused(isPaused: boolean): void;
  retry(): void;
  show(process: string): void;
}

export function useFigures(): Watching {
  const [history, setHistory] = useState(NO_HISTORY);
  const [isPaused, setPaused] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const isSeen = useSyncExternalStore(followVisibility, () => document.visibilityState === 'visible');
  const isAsking = isSeen && !isPaused && fault === null;

  useEffect(() => {
    if (!isAsking) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async () => {
      try {
        const { serverFigures } = await ask(ServerFiguresDocument, {}, controller.signal);
        if (controller.signal.aborted) return;
        setHistory((now) => withAnswer(now, serverFigures));
        timer = setTimeout(() => void next(), EVERY_MS);
      } catch (error) {
        if (!controller.signal.aborted) setFault(faultOf(error));
      }
    };
    void next();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [isAsking]);

  return {
    history,
    isPaused,
    fault,
    setPaused,
    retry: () => setFault(null),
    show: (process) => setHistory((now) => showing(now, process)),
  };
}

function followVisibility(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
}
