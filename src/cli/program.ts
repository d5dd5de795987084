/** The `counterfoil` command: its subcommands, their options and help. What they do lies in files of their own. */

import { Command, CommanderError } from 'commander';
import type { App } from '../app.js';
import { type Config, databaseName } from '../config/config.js';
import { readEnvironment } from '../config/environment.js';
import { Unavailable } from '../entities/unavailable.js';
import { systemClock } from '../system/clock.js';
import { type Console, EXIT } from './console.js';
import { type CopyOptions, copy } from './copy.js';
import { doctor } from './doctor.js';
import { keysList, keysRevoke, keysRewrap, keysRotate } from './keys.js';
import { migrate } from './migrate.js';
import { readPassword } from './password.js';
import { seed } from './seed.js';
import { serve } from './serve.js';
import { sessionsEnd, sessionsList } from './sessions.js';
import { usersCreate, usersList, usersReinstate, usersSuspend } from './users.js';
import { verifiersCreate, verifiersList, verifiersWithdraw } from './verifiers.js';
import { onLastingDatabase, withApp, withNewApp } from './with-app.js';

type Finish = (code: Promise<number>) => Promise<void>;

/** Runs the command line and resolves to the exit code. */
export async function runProgram(argv: readonly string[], console: Console): Promise<number> {
  let exitCode: number = EXIT.done;
  const finish: Finish = async (code) => {
    exitCode = await code;
  };
  const program = new Command('counterfoil')
    .description(
      'A GraphQL auth server: short-lived access tokens, and rotating refresh tokens with a stub behind them.',
    )
    .addHelpText('after', '\nThe configuration comes from the environment: see the table in the README.\n')
    .showHelpAfterError('(run with --help for what there is)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => console.out(text), writeErr: (text) => console.err(text) });
  serverCommands(program, console, finish);
  userCommands(program, console, finish);
  keyCommands(program, console, finish);
  verifierCommands(program, console, finish);

  try {
    await program.parseAsync(argv.length > 2 ? withIdentifiers(argv) : [...argv, 'serve']);
    return exitCode;
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? EXIT.done : EXIT.misused;
    console.err(`counterfoil: ${fault instanceof Error ? fault.message : String(fault)}\n`);
    return EXIT.failed;
  }
}

/** Identifiers are base64url, of 22 or 43 characters, and may begin with a dash: then, too, they are arguments. */
const DASHED = /^-[\w-]{21}$|^-[\w-]{42}$/;

function withIdentifiers(argv: readonly string[]): string[] {
  if (argv.includes('--')) return [...argv];
  const isIdentifier = (argument: string, at: number) => {
    const before = argv[at - 1] ?? '';
    const isValue = before.startsWith('--') && before !== '--json';
    return DASHED.test(argument) && !isValue;
  };
  const identifiers = argv.filter(isIdentifier);
  const others = argv.filter((argument, at) => !isIdentifier(argument, at));
  return identifiers.length === 0 ? others : [...others, '--', ...identifiers];
}

function serverCommands(program: Command, console: Console, finish: Finish): void {
  described(
    program.command('serve'),
    'migrate the database, make keys where there are none, and serve; what happens without a command',
    ['counterfoil serve'],
  ).action(() => finish(configured(console, (config) => serve(config, console))));

  described(program.command('migrate'), 'bring the database to the tables of this version', [
    'counterfoil migrate --status',
  ])
    .option('--status', 'only say where it stands; exit code 1 unless it is up to date')
    .option('--json', 'answer with JSON')
    .action((options) => finish(lasting(console, (config) => migrate(config, console, options))));

  described(program.command('seed'), 'fill the database with 50 demo users and 200 devices', [
    'npm run seed',
    'counterfoil seed --force',
  ])
    .option('--force', 'also where there are users already; they and the signing keys stay as they are')
    .option('--json', 'answer with JSON')
    .action((options) => finish(lasting(console, (config) => seed(config, console, options))));

  described(program.command('copy'), 'move a live deployment from its SQLite file to PostgreSQL', [
    'counterfoil copy --to-env TARGET_DATABASE --dry-run',
    'counterfoil copy --to postgres://auth@db.example.com/auth',
    'counterfoil copy --to postgres://auth@db.example.com/auth --cut-over',
  ])
    .option('--to <url>', 'where to copy to; other users of this machine can read it while the command runs')
    .option('--to-env <variable>', 'the variable that holds the URL')
    .option('--dry-run', 'only say what would be copied, and whether the target will do')
    .option('--cut-over', 'copy the rest while nobody can write, seal the SQLite file, and open the target')
    .option('--max-hold <seconds>', 'how long writes may be refused meanwhile; 60 unless given')
    .option('--unseal', 'let servers run on the SQLite file again: what happened at the target is lost')
    .option('--json', 'answer with JSON')
    .action((options: CopyOptions) => finish(lasting(console, (config) => copy(config, console, options))));

  described(program.command('doctor'), 'say what is wrong with this deployment; changes nothing', [
    'counterfoil doctor --json',
  ])
    .option('--json', 'answer with JSON')
    .action((options) => finish(doctor(console, systemClock, options)));
}

function userCommands(program: Command, console: Console, finish: Finish): void {
  const users = program.command('users').description('make, list, suspend and reinstate users');
  described(users.command('create'), 'make a user; asks for the password', [
    'counterfoil users create --email ada@example.com --operator',
    'counterfoil users create --email ada@example.com --password-stdin < secret.txt',
  ])
    .requiredOption('--email <address>', 'the address to sign in with')
    .option('--name <name>', 'the name to show')
    .option('--operator', 'give the role OPERATOR, too')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'answer with JSON')
    .action((options) =>
      finish(
        lasting(console, async (config) => {
          const answer = await readPassword(console, options.passwordStdin === true);
          if (answer.kind === 'read')
            return withNewApp(config, (app) => usersCreate(app, console, options, answer.password));
          console.err(`counterfoil: ${answer.reason}\n`);
          return answer.kind === 'unusable' ? EXIT.misused : EXIT.failed;
        }),
      ),
    );
  described(users.command('list'), 'list users, the last to be made first', [
    'counterfoil users list --search ada',
  ])
    .option('--search <text>', 'only those with this in their address or name')
    .option('--json', 'answer with JSON')
    .action((options) => finish(opened(console, (app) => usersList(app, console, options))));

  described(users.command('suspend'), 'end all sessions of a user, and let nobody sign in as them', [
    'counterfoil users suspend ada@example.com --reason "left the company"',
  ])
    .argument('<user>', 'their id or address')
    .requiredOption('--reason <text>', 'why; for operators only')
    .option('--json', 'answer with JSON')
    .action((user, options) => finish(opened(console, (app) => usersSuspend(app, console, user, options))));
  described(users.command('reinstate'), 'let a suspended user sign in again', [
    'counterfoil users reinstate ada@example.com',
  ])
    .argument('<user>', 'their id or address')
    .option('--json', 'answer with JSON')
    .action((user, options) => finish(opened(console, (app) => usersReinstate(app, console, user, options))));

  const sessions = program.command('sessions').description("list and end a user's sessions");
  described(sessions.command('list'), 'list live sessions, newest first', [
    'counterfoil sessions list --user ada@example.com',
  ])
    .requiredOption('--user <user>', 'whose: an address or an id')
    .option('--json', 'answer with JSON')
    .action((options) => finish(opened(console, (app) => sessionsList(app, console, options))));
  described(sessions.command('end'), 'end one session, or all of a user', [
    'counterfoil sessions end --user ada@example.com',
    'counterfoil sessions end --session iJsG-mvHCatv6n9Z0APPQA',
  ])
    .option('--session <id>', 'this one')
    .option('--user <user>', 'all of this user: an address or an id')
    .option('--json', 'answer with JSON')
    .action((options) => finish(opened(console, (app) => sessionsEnd(app, console, options))));
}

function keyCommands(program: Command, console: Console, finish: Finish): void {
  const keys = program.command('keys').description('signing keys, and the master key they are sealed under');
  described(keys.command('list'), 'list the signing keys', ['counterfoil keys list'])
    .option('--json', 'answer with JSON')
    .action((options) => finish(opened(console, (app) => keysList(app, console, options))));
  described(keys.command('rotate'), 'promote the standby as soon as every verifier can know it', [
    'counterfoil keys rotate --algorithm EdDSA',
  ])
    .option('--algorithm <name>', 'change to ES256, EdDSA, RS256 or ML-DSA-44')
    .option('--force', 'do not wait; verifiers then meet an unknown key')
    .option('--json', 'answer with JSON')
    .action((options) => finish(opened(console, (app) => keysRotate(app, console, options))));
  described(keys.command('revoke'), 'for a leaked key: nothing it signed is accepted any more', [
    'counterfoil keys revoke KID --reason "found in a log"',
  ])
    .argument('<kid>', 'its id, see keys list')
    .requiredOption('--reason <text>', 'why; kept with the key')
    .option('--json', 'answer with JSON')
    .action((kid, options) => finish(opened(console, (app) => keysRevoke(app, console, kid, options))));
  described(keys.command('rewrap'), 'change the master key', [
    'counterfoil keys rewrap',
    'counterfoil keys rewrap --new-key-env NEW_MASTER_KEY',
  ])
    .option(
      '--new-key-env <variable>',
      'where COUNTERFOIL_MASTER_KEY is set: the variable that holds the new key',
    )
    .option('--new-key-file <path>', 'where COUNTERFOIL_MASTER_KEY is set: the file that holds the new key')
    .option('--json', 'answer with JSON')
    .action((options) => finish(opened(console, (app) => keysRewrap(app, console, options))));
}

function verifierCommands(program: Command, console: Console, finish: Finish): void {
  const verifiers = program
    .command('verifiers')
    .description('services elsewhere that check tokens: their credentials');
  described(verifiers.command('create'), 'make a credential, and show it once', [
    'counterfoil verifiers create --name "orders service"',
  ])
    .requiredOption('--name <text>', 'what to call it in lists')
    .option('--json', 'answer with JSON')
    .action((options) => finish(opened(console, (app) => verifiersCreate(app, console, options))));
  described(verifiers.command('list'), 'list verifiers, newest first, withdrawn ones included', [
    'counterfoil verifiers list',
  ])
    .option('--json', 'answer with JSON')
    .action((options) => finish(opened(console, (app) => verifiersList(app, console, options))));
  described(verifiers.command('withdraw'), 'let a credential open nothing any more', [
    'counterfoil verifiers withdraw iJsG-mvHCatv6n9Z0APPQA',
  ])
    .argument('<id>', 'its id, see verifiers list')
    .option('--json', 'answer with JSON')
    .action((id, options) => finish(opened(console, (app) => verifiersWithdraw(app, console, id, options))));
}

function described(command: Command, description: string, examples: readonly string[]): Command {
  return command
    .description(description)
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`);
}

/** Work on the configured database, which must be there. */
function opened(console: Console, work: (app: App) => Promise<number>): Promise<number> {
  return lasting(console, (config) => withApp(config, console, work));
}

function lasting(console: Console, work: (config: Config) => Promise<number>): Promise<number> {
  return configured(console, (config) => onLastingDatabase(config, console, work));
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
  try {
    return await work(outcome.config);
  } catch (fault) {
    if (!(fault instanceof Unavailable && fault.cause instanceof Error)) throw fault;
    // What happened is in the cause: the message is for clients, who need not know.
    console.err(`counterfoil: ${databaseName(outcome.config)} cannot be used: ${fault.cause.message}\n`);
    return EXIT.failed;
  }
}
