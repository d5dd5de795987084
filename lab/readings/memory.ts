/** What a signed-in user costs: resident memory, disk, and time to start. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Findings, Reading, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import type { Summary } from '../harness/statistics.js';
import { bytes, count, milliseconds, moreOrLess, NOT_MEASURED, plain } from './amounts.js';
import { curves, points } from './curves.js';
import { perUnit, table } from './memory-tables.js';
import { unmeasured } from './unmeasured.js';

/** Two processes differ by as much for no reason: SQLite may keep 16 MB of pages, whatever the file's size. */
const ALLOWANCE = 16_000_000;
/** Bytes of memory that a session costs, at the least, to be called a cost: a tenth of what one takes in a process. */
const NOTABLE = 50;
const IN_MEMORY = 'kept in process memory';
const AFTER = 'resident after serving';

export const reading: Reading = {
  experiment: 'memory',
  claim: 'A session costs the server memory for every signed-in user, and a token does not.',
  method:
    'A database is filled with signed-in users, one session each; in the stateless model the same users have no sessions. The real server is started on it, 5,000 of the users (or all, where there are fewer) call, and the memory that the kernel says is resident is noted before and after. Beside it, as a yardstick, a bare process keeps as many sessions in its own memory, as the memory stores of web frameworks do.',
  read: (results) => {
    const facts = factsOf(results);
    return facts === null ? UNMEASURED : findings(results, facts);
  },
};

const UNMEASURED = unmeasured(
  'The stateful and the stateless server were not both measured with few and with many users.',
);

interface Facts {
  readonly few: number;
  readonly many: number;
  readonly of: Readonly<Record<'stateful' | 'stateless', { readonly few: Summary; readonly many: Summary }>>;
  /** How much more the stateful server grew than the one that has no sessions. */
  readonly extra: number;
  readonly allowance: number;
  readonly heapPerSession: number | null;
  readonly rowPerSession: number | null;
  readonly verdict: Verdict;
}

function factsOf(results: Results): Facts | null {
  const levels = results.levels(AFTER, 'users').map(Number);
  const [few = 0, many = 0] = [levels[0], levels.at(-1)];
  const at = (model: Model) => {
    const [small, large] = [few, many].map((users) =>
      results.summary({ metric: AFTER, model, factors: { users } }),
    );
    return small && large ? { few: small, many: large } : null;
  };
  const [stateful, stateless] = [at('stateful'), at('stateless')];
  if (stateful === null || stateless === null || few === many) return null;
  const growth = ({ few, many }: typeof stateful) => many.median - few.median;
  const extra = growth(stateful) - growth(stateless);
  const spread = [stateful.few, stateful.many, stateless.few, stateless.many].map(
    ({ least, most }) => most - least,
  );
  const allowance = Math.max(ALLOWANCE, ...spread);
  const heap = results.summary({ metric: 'map heap', factors: { users: many } });
  const heapPerSession = heap && heap.median / many;
  const costsInMemory = heapPerSession !== null && heapPerSession > NOTABLE;
  return {
    few,
    many,
    of: { stateful, stateless },
    extra,
    allowance,
    heapPerSession,
    rowPerSession: rowBytes(results, 'stateful', many),
    verdict:
      extra > allowance && extra / (many - few) > NOTABLE ? 'holds' : costsInMemory ? 'depends' : 'fails',
  };
}

/** The database that sessions add to that of the same users without. */
function rowBytes(results: Results, model: Model, users: number): number | null {
  const [own, without] = [model, 'stateless' as const].map((each) =>
    results.summary({ metric: 'database', model: each, factors: { users } }),
  );
  return own && without ? (own.median - without.median) / users : null;
}

function findings(results: Results, facts: Facts): Findings {
  const { few, many, of, extra, allowance, heapPerSession, rowPerSession, verdict } = facts;
  const start = (model: Model, users: number) =>
    results.summary({ metric: 'start', model, factors: { users } })?.median ?? Number.NaN;
  const [hybrid, stateful] = (['hybrid', 'stateful'] as const).map((model) =>
    results.summary({ metric: AFTER, model, factors: { users: many } }),
  );
  const perRow = rowPerSession === null ? NOT_MEASURED : `${count(rowPerSession)} bytes`;
  const perEntry = heapPerSession === null ? NOT_MEASURED : `${count(heapPerSession)} bytes`;
  return {
    verdict,
    because: `From ${count(few)} to ${count(many)} signed-in users, the stateful server's resident memory went from ${bytes(of.stateful.few.median)} to ${bytes(of.stateful.many.median)}; that of the stateless one, which has no sessions, from ${bytes(of.stateless.few.median)} to ${bytes(of.stateless.many.median)}. Stateful grew by ${moreOrLess(extra, bytes)}, which is ${plain(extra / (many - few))} bytes a session and ${extra > allowance ? 'more' : 'less'} than two processes may differ for other reasons (${bytes(allowance)}). A session is a row of ${perRow} on the disk; kept in a process's own memory it is ${perEntry} of heap.`,
    tables: [
      table(results, 'Resident memory after serving, median (least to greatest)', AFTER, bytes),
      table(results, 'Resident memory after the start', 'resident after start', bytes),
      table(results, 'Time from the start of the process to its first answer', 'start', milliseconds),
      table(results, 'Bytes of the database file', 'database', bytes),
      perUnit(results, many),
    ],
    figures: [
      curves({
        name: 'memory-resident',
        title: 'Resident memory of the server after serving, and of sessions in a process of their own',
        description: `Resident memory over the number of signed-in users, a line for each model, and one for what the same number of sessions adds to a process that keeps them in its memory.`,
        x: { label: 'signed-in users', log: true },
        y: { label: 'resident memory (MB)' },
        points: [
          ...MODELS.flatMap((model) =>
            points(results, model, { metric: AFTER, model, factor: 'users' }, 1e-6),
          ),
          ...points(results, IN_MEMORY, { metric: 'map resident', factor: 'users' }, 1e-6),
        ],
      }),
      curves({
        name: 'memory-database',
        title: 'Size of the database',
        description: 'Bytes of the database file over the number of signed-in users, a line for each model.',
        x: { label: 'signed-in users', log: true },
        y: { label: 'database (MB)', log: true },
        points: MODELS.flatMap((model) =>
          points(results, model, { metric: 'database', model, factor: 'users' }, 1e-6),
        ),
      }),
    ],
    comparison: [
      {
        measured: `resident memory, ${count(many)} signed-in users`,
        cells: eachModel((model) =>
          middle(results.summary({ metric: AFTER, model, factors: { users: many } }), bytes),
        ),
      },
      {
        measured: 'disk per session (bytes)',
        cells: eachModel((model) => {
          const row = rowBytes(results, model, many);
          return row === null ? NOT_MEASURED : count(row);
        }),
      },
    ],
    choose: `${CHOOSE[verdict]} What hybrid costs: the same row as stateful${
      hybrid && stateful
        ? `, and with ${count(many)} users ${moreOrLess(hybrid.median - stateful.median, bytes)} resident memory than stateful; among what it keeps are the tokens that it has verified, 10,000 of them at the most`
        : ''
    }. Starting took the stateful server ${milliseconds(start('stateful', few))} on the smallest database and ${milliseconds(start('stateful', many))} on the largest.`,
    limits:
      'Memory that the operating system uses to cache the file is not counted: it is given back when something else needs it. The password hash of a user is in every database here, in all three models. Logins also write audit rows, the same in every model, which are not counted. The yardstick keeps a small session; whatever an application puts into its sessions comes on top, on either side.',
  };
}

const CHOOSE: Readonly<Record<Verdict, string>> = {
  holds: 'Reckon with memory for every session, also where sessions are rows.',
  depends:
    'Memory is a reason against sessions that live in the process, not against sessions that are rows of a database: those cost disk. If you need logout, a list of devices or proof of who is signed in, the price is that row.',
  fails: 'Memory is no reason to choose one model or another.',
  'not measured': '',
};

function eachModel(cell: (model: Model) => string): Readonly<Record<Model, string>> {
  return { stateful: cell('stateful'), stateless: cell('stateless'), hybrid: cell('hybrid') };
}

function middle(summary: Summary | null, format: (value: number) => string): string {
  return summary === null ? NOT_MEASURED : format(summary.median);
}
