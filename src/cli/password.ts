/** Reads a password without showing it: asked for twice at a terminal with the echo off, or whole from standard input. */

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Console } from './console.js';

export type PasswordRead =
  | { readonly kind: 'read'; readonly password: string }
  /** Nothing can be used; says why. `given-up`: the person who was asked would not answer. */
  | { readonly kind: 'unusable' | 'given-up'; readonly reason: string };

export async function readPassword(console: Console, fromStdin: boolean): Promise<PasswordRead> {
  if (fromStdin) return fromStream(console);
  if (!('isTTY' in console.input && console.input.isTTY)) {
    const reason = 'there is no terminal to ask for a password; use --password-stdin';
    return { kind: 'unusable', reason };
  }
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: console.input, output: silent, terminal: true });
  const answers = lines[Symbol.asyncIterator]();
  // No answer: Ctrl-C, Ctrl-D, or the terminal is gone.
  const ask = async (question: string): Promise<string | null> => {
    console.err(question);
    const { done, value } = await answers.next();
    console.err('\n');
    return done === true ? null : value;
  };
  try {
    const first = await ask('Password: ');
    const second = first === null ? null : await ask('Once more: ');
    if (first === null || second === null) return { kind: 'given-up', reason: 'given up; nothing was done' };
    if (first !== second) return { kind: 'given-up', reason: 'the two differ; nothing was done' };
    return { kind: 'read', password: first };
  } finally {
    lines.close();
  }
}

async function fromStream({ input }: Console): Promise<PasswordRead> {
  const password = (await text(input)).replace(/\r?\n$/, '');
  if (!/[\r\n]/.test(password)) return { kind: 'read', password };
  return { kind: 'unusable', reason: 'standard input must hold the password alone, in one line' };
}
