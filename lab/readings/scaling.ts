/** What grows worse with more sessions and with more server processes. The farm's part is in `scaling-farm.ts`. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Findings, Reading, Table, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { count, milliseconds, NOT_MEASURED, percent, perSecond, plain, ranged } from './amounts.js';
import { curves, points } from './curves.js';
import { type Chaos, chaosFigures, chaosOf, chaosSaid, chaosTables } from './scaling-chaos.js';
import {
  aloneFigures,
  aloneOn,
  aloneTables,
  type Database,
  databases,
  withDatabases,
} from './scaling-databases.js';
import {
  farmFigures,
  farmGain,
  farmTables,
  farmThroughput,
  feltAfter,
  type Losses,
  losses,
} from './scaling-farm.js';
import { unmeasured } from './unmeasured.js';

/** A change that is as large as this, beyond that of the model without look-ups, is one of the model. */
const NOTABLE = 0.2;
const KINDS = ['returning', 'ever new'] as const;

export const reading: Reading = {
  experiment: 'scaling',
  claim:
    'Sessions scale badly: each request gets slower as they grow in number, and a farm of servers cannot share them.',
  method:
    'The same request (`viewer`, which reads the user) on one real server, on databases of 1,000 to 1,000,000 live sessions; by 500 *returning* clients, spread over all sessions, and, where there are sessions enough, by *ever new* ones, of whom each calls once or twice, so that no cache can help. Then several server processes on one database, in turn on one SQLite file, on one PostgreSQL, and on the same PostgreSQL with each of its answers held back for a millisecond by a proxy, as a network between node and database would: the same load spread over the processes, and one client alone; a login at one and a question to another; a logout at one, and questions to another until it refuses; and one process killed (SIGKILL) while 40 clients ask and renew. A client whose request got no answer sends it again to the other process. Last, 4 hybrid nodes and 3 services with `counterfoil/verify` on one PostgreSQL, while nodes are killed, connections to the revocation log broken, the database paused and feeds cut: honest clients go on refreshing, others log out, and each token that was logged out is tried at every node and every service again and again.',
  read: (given) => {
    const results = withDatabases(given);
    const facts = factsOf(results);
    return facts === null ? UNMEASURED : findings(results, facts);
  },
};

const UNMEASURED = unmeasured(
  'The stateful and the stateless server were not both measured, small and large, alone and as a farm.',
);

interface Facts {
  readonly few: number;
  readonly many: number;
  readonly clients: string;
  /** Throughput with many sessions as a share of that with few. */
  readonly kept: Readonly<Record<'stateful' | 'stateless', number>>;
  /** On SQLite and, where it was measured, on PostgreSQL. */
  readonly farms: readonly FarmFacts[];
  readonly chaos: Chaos | null;
  readonly verdict: Verdict;
}

interface FarmFacts {
  readonly database: Database;
  readonly processes: number;
  /** Throughput of the most processes as a multiple of that of one. */
  readonly gain: Readonly<Record<'stateful' | 'stateless', number>>;
  readonly lost: Losses;
}

function throughput(results: Results, model: Model, sessions: number, clients: string): number | null {
  const factors = { sessions, clients };
  return results.summary({ metric: 'throughput', model, factors })?.median ?? null;
}

function factsOf(results: Results): Facts | null {
  const levels = results.levels('throughput', 'sessions').map(Number);
  const [few = 0, many = 0] = [levels[0], levels.at(-1)];
  const clients = 'returning';
  const kept = (model: Model) => {
    const [small, large] = [few, many].map((sessions) => throughput(results, model, sessions, clients));
    return small && large ? large / small : null;
  };
  const [stateful, stateless] = [kept('stateful'), kept('stateless')];
  const farms = (['SQLite', 'PostgreSQL'] as const).flatMap((database) => farmFacts(results, database) ?? []);
  if (stateful === null || stateless === null || farms[0]?.database !== 'SQLite') return null;
  const chaos = chaosOf(results);
  const slows = stateful / stateless < 1 - NOTABLE;
  const crowds = farms.some(({ gain }) => gain.stateful / gain.stateless < 1 - NOTABLE);
  const forgets =
    farms.some(({ lost }) => lost.signedOut > 0 || !lost.shared) || (chaos !== null && !chaos.kept);
  const bad = [slows, crowds, forgets].filter(Boolean).length;
  const verdict = bad === 0 ? 'fails' : bad === 3 ? 'holds' : 'depends';
  return { few, many, clients, kept: { stateful, stateless }, farms, chaos, verdict };
}

function farmFacts(results: Results, database: Database): FarmFacts | null {
  const [own, without] = (['stateful', 'stateless'] as const).map((model) =>
    farmGain(results, model, database),
  );
  const lost = losses(results, 'stateful', database);
  if (!own || !without || lost === null) return null;
  const gain = { stateful: own.times, stateless: without.times };
  return { database, processes: own.processes, gain, lost };
}

function findings(results: Results, facts: Facts): Findings {
  const { few, many, kept, farms, chaos, verdict } = facts;
  return {
    verdict,
    because: `With ${count(many)} live sessions the stateful server answered ${percent(kept.stateful)} of the requests per second that it did with ${count(few)}; the stateless one, which looks no session up, ${percent(kept.stateless)}. ${farms.map(farmSaid).join(' ')}${farms.length > 1 ? '' : ` A farm on PostgreSQL: ${NOT_MEASURED}.`} ${chaosSaid(chaos)}`,
    tables: [
      ...KINDS.flatMap((clients) => growthTables(results, clients)),
      ...aloneTables(results),
      ...farmTables(results),
      ...chaosTables(chaos),
    ],
    figures: [
      growthFigure(results, 'throughput', 'throughput (requests/s)', 'Throughput as live sessions grow'),
      growthFigure(results, 'p99', 'p99 (ms)', 'What 99 of 100 requests stayed under, as live sessions grow'),
      ...aloneFigures(results),
      ...farmFigures(results),
      ...chaosFigures(results, chaos),
    ],
    comparison: [
      {
        measured: `requests/s of one process, ${count(many)} live sessions, returning clients`,
        cells: eachModel((model) => {
          const value = throughput(results, model, many, facts.clients);
          return value === null ? NOT_MEASURED : count(value);
        }),
      },
      ...everNewRow(results, many),
      ...databases(results, 'logout felt elsewhere')
        .filter((database) => database === 'SQLite' || database === 'PostgreSQL')
        .map((database) => ({
          measured: `a logout is felt by another process on one ${database} after (p50, p99, most)`,
          cells: eachModel((model) => feltAfter(results, model, database)),
        })),
    ],
    choose: `${CHOOSE[verdict]} ${besideStateful(results, facts)}`,
    limits: `One machine. On SQLite a look-up is a function call into a file that is in memory; on PostgreSQL it is a question to a process beside it. The network is imitated: a proxy, a process of its own, holds back each answer of the database for a millisecond or a little more, as the round trip in the table says; it loses nothing and takes processor time besides, so read it beside the same proxy without delay. Nodes, PostgreSQL, proxy and load share the cores of this machine, so what more processes gain is bounded by these, and throughput falls where a request costs any of them work; a database of many cores on a machine of its own would let the nodes have more. Growth to ${count(facts.many)} sessions was measured on SQLite. The disturbed farm runs once. Sessions that live in the memory of a process, which the claim may mean, are lost with it by construction; that is not measured here. The request reads the user from the database in every model. A token of a returning client is verified once and then remembered, by this server as by most verifiers; one of an ever new client is not.`,
  };
}

function farmSaid({ database, processes, gain, lost }: FarmFacts): string {
  return `${count(processes)} processes on one ${database} gave stateful ${plain(gain.stateful)} times the throughput of one, and stateless ${plain(gain.stateless)} times; a session made at one was ${lost.shared ? 'always' : 'not always'} known to another, and killing one signed out ${count(lost.signedOut)} of ${count(lost.clients)} stateful clients.`;
}

/** Where each token must be verified first: the case in which the models with tokens lose. */
function everNewRow(results: Results, many: number) {
  const values = MODELS.map((model) => throughput(results, model, many, 'ever new'));
  if (values.every((value) => value === null)) return [];
  const cells = eachModel((model) => {
    const value = throughput(results, model, many, 'ever new');
    return value === null ? NOT_MEASURED : count(value);
  });
  return [{ measured: `the same, of clients that are ever new`, cells }];
}

const CHOOSE: Readonly<Record<Verdict, string>> = {
  holds: 'Reckon with sessions as the part that does not grow, even in a shared database.',
  depends: 'Look at which part of the claim bears on you: the tables tell them apart.',
  fails:
    'Sessions in a database that all processes share tie no client to a process, and their number costs no more than the figures above. What they need is that database, within reach of every process.',
  'not measured': '',
};

/** Hybrid against stateful with the most sessions: where tokens are known already, and where each must be verified. */
function besideStateful(results: Results, { many }: Facts): string {
  const said = KINDS.flatMap((clients) => {
    const [hybrid, stateful] = (['hybrid', 'stateful'] as const).map((model) =>
      throughput(results, model, many, clients),
    );
    return hybrid && stateful ? [`${plain(hybrid / stateful)} times as many for ${clients} clients`] : [];
  });
  return `Requests per second of hybrid beside stateful, with ${count(many)} sessions: ${said.join(', ') || NOT_MEASURED}. ${onPostgres(results)}`;
}

/** What the look-up costs where it is a question to another process, and how soon a logout is felt there. */
function onPostgres(results: Results): string {
  const beside = databases(results, 'farm throughput')
    .filter((database) => database !== 'SQLite')
    .flatMap((database) => {
      const [hybrid, stateful] = (['hybrid', 'stateful'] as const).map((model) =>
        farmThroughput(results, model, database, 1),
      );
      const [own, other] = (['hybrid', 'stateful'] as const).map((model) =>
        aloneOn(results, model, database),
      );
      if (!hybrid || !stateful) return [];
      const alone =
        own && other ? `, and alone a request takes ${milliseconds(own)} against ${milliseconds(other)}` : '';
      return [`${database}: ${plain(hybrid / stateful)} times as many from one process${alone}`];
    });
  const felt = databases(results, 'logout felt elsewhere').map((database) => {
    const said = MODELS.map((model) => `${model} ${feltAfter(results, model, database)}`);
    return `on ${database} ${said.join('; ')}`;
  });
  return `The same on PostgreSQL: ${beside.join('; ') || NOT_MEASURED}. A logout was felt by another process after (p50, p99, most): ${felt.join('. And ') || NOT_MEASURED}.`;
}

function growthTables(results: Results, clients: string): Table[] {
  const levels = results
    .levels('throughput', 'sessions')
    .filter((sessions) => results.summary({ metric: 'throughput', factors: { sessions, clients } }) !== null);
  const table = (metric: string, caption: string, format: (value: number) => string): Table => ({
    caption: `${caption}, ${clients} clients`,
    head: ['live sessions', ...MODELS],
    rows: levels.map((sessions) => [
      count(Number(sessions)),
      ...MODELS.map((model) =>
        ranged(results.summary({ metric, model, factors: { sessions, clients } }), format),
      ),
    ]),
  });
  return levels.length === 0
    ? []
    : [table('throughput', 'Requests per second', perSecond), table('p99', 'p99', milliseconds)];
}

function growthFigure(results: Results, metric: string, label: string, title: string) {
  return curves({
    name: `scaling-${metric}`,
    title: `${title} (returning clients)`,
    description: `${label} of one server over the number of live sessions, a line for each model.`,
    x: { label: 'live sessions', log: true },
    y: { label },
    points: MODELS.flatMap((model) =>
      points(results, model, { metric, model, factor: 'sessions', factors: { clients: 'returning' } }),
    ),
  });
}

function eachModel(cell: (model: Model) => string): Readonly<Record<Model, string>> {
  return { stateful: cell('stateful'), stateless: cell('stateless'), hybrid: cell('hybrid') };
}
