/** Whether a server can reach its clients, in each model: who hears, how soon, at what memory, and after a logout. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Findings, Reading, Table, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
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
    because: `Of ${count(clients)} clients with an open connection, a message reached: ${each(share('reached'))}. After ten of them had logged out, it still reached, of the ten: ${each(share('reached after logout'))}.`,
    tables: [
      table(results, 'Clients that heard a message to everybody', 'reached', percent),
      table(results, 'From sending it to the median client', 'lag p50', milliseconds),
      table(results, 'From sending it to the last client', 'lag most', milliseconds),
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
