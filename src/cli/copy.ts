/** `counterfoil copy`: moves a live deployment from its SQLite file to PostgreSQL, and says what it did and what is left. */

import { type Config, databaseName } from '../config/config.js';
import {
  type CopyOutcome,
  type CopyProgress,
  type CopyReport,
  copyDatabase,
  unsealDatabase,
} from '../database.js';
import { type Console, EXIT } from './console.js';
import { answer, type Format, table } from './report.js';

export interface CopyOptions extends Format {
  readonly to?: string;
  readonly toEnv?: string;
  readonly dryRun?: boolean;
  readonly cutOver?: boolean;
  readonly maxHold?: string;
  readonly unseal?: boolean;
}

const DEFAULT_MAX_HOLD_SECONDS = 60;
const BAR_WIDTH = 30;
const LINE_EVERY = 0.25;
const MENDED_SHOWN = 10;

export async function copy(config: Config, console: Console, options: CopyOptions): Promise<number> {
  const misused = (why: string) => {
    console.err(`counterfoil: ${why}\n`);
    return EXIT.misused;
  };
  const { database } = config;
  if (database.kind !== 'sqlite')
    return misused('what is copied is a SQLite file: COUNTERFOIL_DATABASE names none');
  if (options.unseal) return unseal(config, console, options);
  if (options.dryRun && options.cutOver)
    return misused('--dry-run changes nothing, and --cut-over does: choose one');
  const { to, toEnv } = options;
  if ((to === undefined) === (toEnv === undefined))
    return misused('say where to copy: --to postgres://…, or --to-env NAME for a variable that holds it');
  // What is no name is not repeated: it may be a URL with a password.
  const named = /^\w+$/.test(toEnv ?? '') ? `the variable ${toEnv}` : 'what --to-env names';
  const url = toEnv === undefined ? to : console.environment[toEnv];
  if (url === undefined || url === '')
    return misused(`${named} is not set: it holds the URL to copy to, such as postgres://user@host/database`);
  const maxHoldMs = Number(options.maxHold ?? DEFAULT_MAX_HOLD_SECONDS) * 1000;
  if (!(maxHoldMs > 0 && maxHoldMs <= 3_600_000)) return misused('--max-hold is in seconds, from 1 to 3600');
  const target = { kind: 'postgres', url, poolSize: 2 } as const;
  if (!/^postgres(ql)?:\/\/./.test(url) || !URL.canParse(url))
    return misused('the target must be a URL such as postgres://user@host/database');

  const bar = progress(console);
  const outcome = await copyDatabase(config, {
    target,
    targetName: databaseName({ database: target }),
    mode: options.dryRun ? 'look' : options.cutOver ? 'cut-over' : 'copy',
    maxHoldMs,
    onProgress: bar.show,
  });
  bar.end();
  answer(console, options, outcome, textOf(outcome, config, databaseName({ database: target })));
  return outcome.kind === 'looked' || outcome.kind === 'copied' || isMoved(outcome) ? EXIT.done : EXIT.failed;
}

function isMoved({ kind }: CopyOutcome): boolean {
  return kind === 'moved' || kind === 'moved-before';
}

async function unseal(config: Config, console: Console, options: CopyOptions): Promise<number> {
  const { unsealedFrom } = await unsealDatabase(config);
  const text =
    unsealedFrom === null
      ? `${databaseName(config)} is not sealed; nothing was changed`
      : `${databaseName(config)} serves again. It knows nothing of what happened at ${unsealedFrom} since the move: let no server run there any more.`;
  answer(console, options, { unsealedFrom }, text);
  return unsealedFrom === null ? EXIT.failed : EXIT.done;
}

function textOf(outcome: CopyOutcome, config: Config, target: string): string {
  const source = databaseName(config);
  switch (outcome.kind) {
    case 'refused':
      return `Nothing was changed: ${outcome.reason}.`;
    case 'looked': {
      const state = {
        unmigrated: 'empty, and gets its tables first',
        empty: 'empty',
        copy: 'a copy of this database',
      };
      const is = state[outcome.target as keyof typeof state] ?? outcome.target;
      return `${tables(outcome, 'TO SEND', 'TO REMOVE')}\n${target} is ${is}. Nothing was changed.${mended(outcome)}`;
    }
    case 'copied':
      return `${tables(outcome, 'SENT', 'REMOVED')}
Copied, and verified row for row as it was read. ${source} goes on serving; what changes from now on is not in the copy.${mended(outcome)}
Left to do: the same again whenever you like, and once with --cut-over, which sends what has changed and moves the deployment.`;
    case 'not-cut-over':
      return `Not moved: ${outcome.reason}.
Writes were refused for ${seconds(outcome.heldMs)} and are accepted again; ${source} goes on serving. Run the same again.`;
    case 'not-opened':
      return `${source} is sealed, and ${target} has all of it, but could not be opened: ${outcome.reason}.
Run the same again before you start servers there.`;
    case 'moved': {
      const held = outcome.heldMs === null ? '' : ` Writes were refused for ${seconds(outcome.heldMs)}.`;
      return `${tables(outcome, 'SENT', 'REMOVED')}
Moved: ${target} has all of it, verified row for row, and ${source} is sealed.${held}${mended(outcome)}
Left to do: ${next(config)}`;
    }
    case 'moved-before':
      return `${source} has been moved to ${target} before, which is open: servers may have run there since. Nothing was changed.`;
  }
}

/** What the servers need to start on the target. */
function next({ masterKey }: Config): string {
  const key =
    masterKey.kind === 'given'
      ? 'keep COUNTERFOIL_MASTER_KEY as it is'
      : `set COUNTERFOIL_MASTER_KEY_FILE to ${masterKey.path} or to a copy of it`;
  return `set COUNTERFOIL_DATABASE to the target's URL, ${key}, and start the servers anew.`;
}

function tables({ tables }: CopyReport, sent: string, removed: string): string {
  const rows = tables.map((each) => [each.table, String(each.rows), String(each.sent), String(each.removed)]);
  return table(['TABLE', 'ROWS', sent, removed], rows);
}

function mended({ mended }: CopyReport): string {
  if (mended.length === 0) return '';
  const shown = mended.slice(0, MENDED_SHOWN).map(({ table, column, key }) => `  ${table} ${key}: ${column}`);
  const more = mended.length > MENDED_SHOWN ? `\n  and ${mended.length - MENDED_SHOWN} more` : '';
  return `\nTexts with characters that PostgreSQL cannot hold, which U+FFFD stands for there:\n${shown.join('\n')}${more}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** A bar where a person watches, a line now and then elsewhere. */
function progress(console: Console) {
  let said = { stage: '', part: 0 };
  const end = () => {
    if (console.isTerminal && said.stage !== '') console.err('\n');
  };
  const show = ({ stage, table, rows, of }: CopyProgress) => {
    const part = of === 0 ? 1 : Math.min(1, rows / of);
    const percent = `${Math.round(part * 100)} %`;
    if (console.isTerminal) {
      const full = Math.round(part * BAR_WIDTH);
      const bar = `${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}`;
      const ended = said.stage !== '' && said.stage !== stage ? '\n' : '\r';
      said = { stage, part };
      console.err(`${ended}[${bar}] ${percent.padStart(5)}  ${stage}: ${table.padEnd(16)}`);
    } else if (said.stage !== stage || part - said.part >= LINE_EVERY) {
      said = { stage, part };
      console.err(`${stage}: ${percent} (${table}, ${rows} of ${of} rows)\n`);
    }
  };
  return { show, end };
}
