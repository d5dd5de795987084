#!/usr/bin/env node
/** The process edge: arguments, environment, streams, signals. Everything else is handed on from here. */

import { runProgram } from './cli/program.js';

// Whoever reads our output may have seen enough (`| head`); that is no fault.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'EPIPE') throw fault;
  });
}

process.exitCode = await runProgram(process.argv, {
  environment: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  input: process.stdin,
  isTerminal: process.stderr.isTTY === true,
  process,
});
