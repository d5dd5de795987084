/** The `counterfoil` command, run in this process on files of a folder, with all it prints kept. */

import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runProgram } from '../../src/cli/program.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Cheap hashes: the cost of real ones is shown elsewhere. */
const CHEAP = 'm=7168,t=1,p=1';

export function commandIn(folder: string, environment: Readonly<Record<string, string>> = {}) {
  return async (
    line: readonly string[],
    input = '',
    { terminal = false, interrupted = false } = {},
  ): Promise<Ran> => {
    const signals = interrupted ? new EventEmitter() : process;
    let out = '';
    let err = '';
    const code = await runProgram(['node', 'counterfoil', ...line], {
      environment: {
        COUNTERFOIL_DATABASE: `file:${join(folder, 'data', 'counterfoil.db')}`,
        COUNTERFOIL_ARGON2: CHEAP,
        ...environment,
      },
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
        // Whoever has it interrupted does so once it has said something.
        if (interrupted) setImmediate(() => signals.emit('SIGINT'));
      },
      input: Object.assign(Readable.from([input]), { isTTY: terminal }),
      isTerminal: false,
      process: signals as typeof process,
    });
    return { code, out, err };
  };
}
