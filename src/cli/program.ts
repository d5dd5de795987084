/** The `counterfoil` command: its subcommands, their options and help. What they do lies in files of their own. */

import { Command, CommanderError } from 'commander';
import type { Config } from '../config/config.js';
import { readEnvironment } from '../config/environment.js';
import { type Console, EXIT } from './console.js';
import { serve } from './serve.js';

/** Runs the command line and resolves to the exit code. */
export async function runProgram(argv: readonly string[], console: Console): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('counterfoil')
    .description(
      'A GraphQL auth server: short-lived access tokens, and rotating refresh tokens with a stub behind them.',
    )
    .showHelpAfterError('(run with --help for what there is)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => console.out(text), writeErr: (text) => console.err(text) });

  program
    .command('serve', { isDefault: true })
    .description('migrate the database, make keys where there are none, and serve')
    .action(async () => {
      exitCode = await configured(console, (config) => serve(config, console));
    });

  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? EXIT.done : EXIT.misused;
    console.err(`counterfoil: ${fault instanceof Error ? fault.message : String(fault)}\n`);
    return EXIT.failed;
  }
}

/** Reads the configuration, names every problem of it, and goes on only if there is none. */
async function configured(console: Console, work: (config: Config) => Promise<number>): Promise<number> {
  const outcome = readEnvironment(console.environment);
  if (outcome.kind === 'bad') {
    console.err('counterfoil: the configuration cannot be used:\n');
    for (const { variable, problem } of outcome.problems) console.err(`  ${variable} ${problem}\n`);
    return EXIT.misused;
  }
  for (const warning of outcome.warnings) console.err(`counterfoil: warning: ${warning}\n`);
  return work(outcome.config);
}
