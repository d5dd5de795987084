/** Reads a password without showing it: from a terminal with the echo off, or whole from standard input. */

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Console } from './console.js';

/** The password, or null where there is nobody to ask. */
export async function readPassword({ input, err }: Console, fromStdin: boolean): Promise<string | null> {
  if (fromStdin) return (await text(input)).replace(/\r?\n$/, '');
  if (!('isTTY' in input && input.isTTY)) return null;
  err('Password: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: true });
  try {
    return await new Promise((resolve) => lines.once('line', resolve).once('close', () => resolve(null)));
  } finally {
    lines.close();
    err('\n');
  }
}
