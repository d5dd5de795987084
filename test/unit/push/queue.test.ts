import { describe, expect, it } from 'vitest';
import { queue } from '../../../src/push/queue.js';

describe('a queue', () => {
  it('gives what was pushed in order, to whoever waited and to whoever comes later', async () => {
    const numbers = queue<number>(10, () => {});
    const first = numbers.next();
    numbers.push(1);
    numbers.push(2);
    expect(await first).toEqual({ done: false, value: 1 });
    expect(await numbers.next()).toEqual({ done: false, value: 2 });
  });

  it('gives what waits when it ends, and then is over, once', async () => {
    let over = 0;
    const numbers = queue<number>(10, () => {
      over += 1;
    });
    numbers.push(1);
    numbers.end();
    numbers.end();
    expect(numbers.push(2)).toBe(false);
    expect(await numbers.next()).toEqual({ done: false, value: 1 });
    expect(await numbers.next()).toEqual({ done: true, value: undefined });
    expect(over).toBe(1);
  });

  it('lets go of a listener that does not take, and holds nothing for it any more', async () => {
    let over = 0;
    const numbers = queue<number>(3, () => {
      over += 1;
    });
    expect([1, 2, 3, 4, 5].map((number) => numbers.push(number))).toEqual([true, true, true, false, false]);
    expect(over).toBe(1);
    expect(await numbers.next()).toEqual({ done: true, value: undefined });
  });

  it('ends whoever waits when its listener goes', async () => {
    const numbers = queue<number>(3, () => {});
    const waiting = numbers.next();
    await numbers.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});
