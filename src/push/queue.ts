/** What waits for one listener. Bounded: one that does not take what it is told is let go, not waited for. */

export interface Queue<Item> extends AsyncIterableIterator<Item> {
  /** False where the listener has taken too little: it is told nothing more, and the queue is over. */
  push(item: Item): boolean;
  /** How much waits. */
  readonly size: number;
  /** What waits is still given; then it is over. */
  end(): void;
}

/** `onOver` is called once, however it comes to an end. */
export function queue<Item>(limit: number, onOver: () => void): Queue<Item> {
  const waiting: Item[] = [];
  const takers: ((result: IteratorResult<Item, undefined>) => void)[] = [];
  let open = true;

  function close(): void {
    if (!open) return;
    open = false;
    for (const take of takers.splice(0)) take({ done: true, value: undefined });
    onOver();
  }

  return {
    get size() {
      return waiting.length;
    },
    push: (item) => {
      if (!open) return false;
      const take = takers.shift();
      if (take !== undefined) take({ done: false, value: item });
      else if (waiting.length < limit) waiting.push(item);
      else {
        waiting.length = 0;
        close();
        return false;
      }
      return true;
    },
    end: close,
    next: () => {
      const item = waiting.shift();
      if (item !== undefined) return Promise.resolve({ done: false, value: item });
      if (!open) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve) => takers.push(resolve));
    },
    return: () => {
      waiting.length = 0;
      close();
      return Promise.resolve({ done: true, value: undefined });
    },
    throw: (fault) => {
      close();
      return Promise.reject(fault);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
