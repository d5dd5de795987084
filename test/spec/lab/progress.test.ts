/** What a person sees of a run: a bar where there is a terminal, a plain line for each step where there is none. */

import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type Progress, progressOn } from '../../../lab/harness/progress.js';

function shown(isTTY: boolean, does: (progress: Progress) => void): string {
  const stream = Object.assign(new PassThrough(), {
    isTTY,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  does(progressOn(stream));
  return String(stream.read() ?? '');
}

function work(progress: Progress): void {
  progress.begin('memory', 1, 3);
  progress.doing('1,000 users');
  progress.note('memory: something to keep');
  progress.stepped('1,000 users', 12.34);
  progress.stepped('10,000 users', 20);
  progress.end();
}

describe('progress', () => {
  test('without a terminal is a line for each step, without control characters', () => {
    const text = shown(false, work);
    expect(text.split('\n')).toEqual([
      'memory: something to keep',
      'memory 2/3  1,000 users  12.3 s',
      'memory 3/3  10,000 users  20.0 s',
      '',
    ]);
  });

  test('on a terminal is a bar that counts steps, and what is to be kept comes after it', () => {
    const text = shown(true, work);
    expect(text).toContain('━');
    expect(text).toContain('3/3');
    expect(text.trimEnd().endsWith('memory: something to keep')).toBe(true);
  });
});
