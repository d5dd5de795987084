/** Whether a server can reach its clients, in each model: who hears, how soon, at what memory, and after a logout. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Findings, Reading, Table, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import type { Summary } from '../harness/statistics.js';
import { bytes, count, milliseconds, NOT_MEASURED, percent, ranged } from './amounts.js';
import { unmeasured } from './unmeasured.js';

/** Of messages sent: as good as all. */
const ALL = 0.999;

export const reading: Reading = {
  experiment: 'pushing',
  claim:
    'A server that keeps no record of who is signed in cannot push messages to signed-in clients, since it does not know whom to send them to.',
  method:
    'n users with a session each connect a WebSocket to the real server and subscribe to `sessionEvents`. An operator sends messages to everybody: how many clients hear each, and how long after the mutation was sent. Resident memory of the server is noted before and after they connect. Then ten of them log out by their own access tokens, and a last message shows who of the ten still hears.',
  read: (results) => {
    const facts = factsOf(results);
    return facts === null ? UNMEASURED : findings(results, facts);
  },
};

const UNMEASURED = unmeasured(
  'Whether clients of the stateful and the stateless model hear was not measured.',
);

interface Facts {
  readonly clients: number;
  readonly reached: Readonly<Record<'stateful' | 'stateless', number>>;
  readonly verdict: Verdict;
}

function factsOf(results: Results): Facts | null {
  const clients = Number(results.levels('reached', 'clients').at(-1));
  const of = (model: Model) =>
    results.summary({ metric: 'reached', model, factors: { clients } })?.median ?? null;
  const [stateful, stateless] = [of('stateful'), of('stateless')];
  if (stateful === null || stateless === null) return null;
  const verdict = stateless >= ALL ? 'fails' : stateless === 0 && stateful > 0 ? 'holds' : 'depends';
  return { clients, reached: { stateful, stateless }, verdict };
}

function findings(results: Results, { clients, verdict }: Facts): Findings {
  const at = (metric: string, model: Model) => results.summary({ metric, model, factors: { clients } });
  const each = (words: (model: Model) => string) =>
    MODELS.map((model) => `${model} ${words(model)}`).join(', ');
  const share = (metric: string) => (model: Model) => {
    const summary = at(metric, model);
    return summary === null ? NOT_MEASURED : percent(summary.median);
  };
  return {
    verdict,
    because: `Of ${count(clients)} clients with an open connection, a message reached: ${each(share('reached'))}. After ten of them had logged out, it still reached, of the ten: ${each(share('reached after logout'))}.${besideStalled(results, clients)}`,
    tables: [
      table(results, 'Clients that heard a message to everybody', 'reached', percent),
      table(results, 'From sending it to the median client', 'lag p50', milliseconds),
      table(results, 'From sending it to all but the last hundredth of the clients', 'lag p99', milliseconds),
      table(results, 'From sending it to the last client', 'lag most', milliseconds),
      ...stalledTables(results),
      table(results, 'Resident memory of the server per connection', 'memory per connection', bytes),
      table(results, 'Of ten that had logged out: how many still heard', 'reached after logout', percent),
      table(
        results,
        'From the answer to the last logout until the last connection was closed',
        'closed after logout',
        milliseconds,
      ),
    ],
    figures: [],
    comparison: [
      {
        measured: 'clients with an open connection that a message reaches (%)',
        cells: cells((model) => share('reached')(model)),
      },
      {
        measured: `from sending a message to ${count(clients)} clients until they hear it (p50, p99)`,
        cells: cells((model) => listOf([at('lag p50', model), at('lag p99', model)], milliseconds)),
      },
      {
        measured: `memory of the server per connection, of ${count(clients)}`,
        cells: cells((model) => listOf([at('memory per connection', model)], bytes)),
      },
      {
        measured: 'of clients that have logged out, those it still reaches (%)',
        cells: cells((model) => share('reached after logout')(model)),
      },
    ],
    choose:
      'The claim mixes two things. A message over an open connection needs the connection, and whoever opened it showed a credential: a stateless server knows the user of each connection as well as the others do. What it lacks is the list of devices that are signed in and not connected, and a way to end one of them: a connection of somebody who has logged out stays open until its token expires, and hears what it should not.',
    limits:
      'Connections over loopback, to one process. What is told is read from a log four times a second, so the lag is that of the reading, on one node as on many. Memory is resident memory, which the garbage collector gives back when it likes.',
  };
}

/** What the rest hears while ten do not read; nothing where that was not measured. */
function besideStalled(results: Results, clients: number): string {
  const [reached, dropped] = ['reached beside stalled', 'stalled and dropped'].map((metric) =>
    MODELS.map((model) => results.summary({ metric, model, factors: { clients } })?.least ?? Number.NaN),
  );
  const [least, gone] = [Math.min(...(reached ?? [])), Math.min(...(dropped ?? []))];
  if (Number.isNaN(least + gone)) return '';
  return ` While ten others had stopped reading, with ten subscriptions to long events each, a message reached of the rest, in every model, ${least < 1 ? 'at least ' : ''}${percent(least)}; of those ten ${gone < 1 ? 'at least ' : ''}${percent(gone)} were cut off.`;
}

function stalledTables(results: Results): Table[] {
  const tables = [
    table(results, 'Of the rest, while ten did not read: how many heard', 'reached beside stalled', percent),
    table(results, 'The same, from sending it to the median client', 'lag p50 beside stalled', milliseconds),
    table(
      results,
      'The same, to all but the last hundredth of the clients',
      'lag p99 beside stalled',
      milliseconds,
    ),
    table(results, 'Of the ten that did not read: how many were cut off', 'stalled and dropped', percent),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

function listOf(summaries: readonly (Summary | null)[], format: (value: number) => string): string {
  if (summaries.includes(null)) return NOT_MEASURED;
  return summaries.map((summary) => format(summary?.median ?? Number.NaN)).join(', ');
}

function cells(of: (model: Model) => string): Readonly<Record<Model, string>> {
  return { stateful: of('stateful'), stateless: of('stateless'), hybrid: of('hybrid') };
}

function table(results: Results, caption: string, metric: string, format: (value: number) => string): Table {
  return {
    caption,
    head: ['clients', ...MODELS],
    rows: results
      .levels(metric, 'clients')
      .map((clients) => [
        count(Number(clients)),
        ...MODELS.map((model) => ranged(results.summary({ metric, model, factors: { clients } }), format)),
      ]),
  };
}
