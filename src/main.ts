#!/usr/bin/env node
/** The process edge: arguments, environment, streams, signals. Everything else is handed on from here. */

import { runProgram } from './cli/program.js';

process.exitCode = await runProgram(process.argv, {
  environment: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  input: process.stdin,
  isTerminal: process.stderr.isTTY === true,
  process,
});
