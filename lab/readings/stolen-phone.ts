/** What the figures of the stolen phone say: how long a logout takes, what it reaches, and what it does not. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Findings, Reading, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { count, listed, median, NOT_MEASURED, plain } from './amounts.js';
import { beyondSaid } from './beyond.js';
import { ends, openedFor, untilDead } from './stolen-phone-facts.js';
import { figures } from './stolen-phone-figures.js';
import { DEFAULT_ACCESS_S, durations, openDoors } from './stolen-phone-tables.js';

function verdictOn(results: Results): Verdict {
  const stateless = ends(results, 'stateless');
  const hybrid = ends(results, 'hybrid');
  if (stateless === null || hybrid === null) return 'not measured';
  if (stateless) return 'fails';
  return hybrid ? 'depends' : 'holds';
}

function heading(model: Model): string {
  return `${model[0]?.toUpperCase()}${model.slice(1)}`;
}

function because(results: Results): string {
  const said = MODELS.map((model) => {
    const ended = ends(results, model);
    if (ended === null) return `${heading(model)}: ${NOT_MEASURED}`;
    if (ended) {
      const second = median(untilDead(results, model, 'second process'), 'ms');
      return `${heading(model)}: dead everywhere it was tried, on a second process ${second} after the owner asked`;
    }
    const renewed = median(openedFor(results, model, 'server, renewed by the thief'), 's');
    const left = median(results.summary({ metric: 'life left', model, factors: { of: 'session' } }), 's');
    const answer = results.word({ metric: 'answer', model }) ?? NOT_MEASURED;
    return `${heading(model)}: the owner is answered \`${answer}\`, and a thief who renewed in time was let in for ${renewed} of the ${left} that the session had left`;
  });
  return `After the owner had logged out all devices, this became of the phone's credential. ${said.join('. ')}. Beyond one machine, hybrid: ${beyondSaid(results, 'hybrid')}.`;
}

/** How the duration grew from the fewest to the most sessions; null where it was not measured. */
function growth(results: Results, model: Model): { times: number; from: number; to: number } | null {
  const levels = results.levels('logout of all', 'sessions').map(Number);
  const from = levels[0] ?? Number.NaN;
  const to = levels.at(-1) ?? Number.NaN;
  const at = (sessions: number) =>
    results.summary({ metric: 'logout of all', model, factors: { sessions } })?.median;
  const [few, many] = [at(from), at(to)];
  return few === undefined || many === undefined || from === to ? null : { times: many / few, from, to };
}

/** What the duration does with the number of sessions, for the models that can log out at all. */
function grown(results: Results): string {
  const said = MODELS.flatMap((model) => {
    const found = ends(results, model) === true ? growth(results, model) : null;
    if (found === null) return [];
    const { times, from, to } = found;
    return [`with ${count(to)} sessions ${plain(times)} times as long as with ${count(from)} (${model})`];
  });
  return said.length === 0 ? '' : `A logout of all devices took ${listed(said)}.`;
}

function choose(results: Results): string {
  const second = (model: Model) => untilDead(results, model, 'second process')?.median;
  const [stateful, hybrid] = [second('stateful'), second('hybrid')];
  const slower =
    stateful === undefined || hybrid === undefined
      ? ''
      : hybrid > stateful
        ? `The hybrid model is the slower of the two that can: a second process refused the phone after ${plain(hybrid)} ms, the stateful one after ${plain(stateful)} ms, since it learns of the logout by reading the log and not by looking up each request.`
        : `The hybrid model was not slower than the stateful one here: a second process refused the phone after ${plain(hybrid)} ms and ${plain(stateful)} ms.`;
  const elsewhere = openedFor(results, 'hybrid', 'elsewhere')?.median ?? 0;
  const outside =
    elsewhere > 0
      ? `And the hybrid model has a door that the stateful one has not: a service that knows only the public keys let the phone in until its token expired. Who cannot live with up to ${plain(DEFAULT_ACCESS_S)} s of that shortens the access lifetime, or has such services ask or listen: ${beyondSaid(results, 'hybrid')}.`
      : '';
  const stateless =
    ends(results, 'stateless') === false
      ? 'If a lost device must be locked out, do not take the stateless model, however short its tokens are: whoever has the token can renew it as well as the owner.'
      : '';
  return [stateless, grown(results), slower, outside].filter((text) => text !== '').join(' ');
}

function findings(results: Results): Findings {
  const cell = (model: Model) =>
    ends(results, model) === false
      ? 'never, it must expire'
      : median(untilDead(results, model, 'second process'), 'ms');
  return {
    verdict: verdictOn(results),
    because: because(results),
    tables: [durations(results), openDoors(results)],
    figures: figures(results),
    comparison: [
      {
        measured: 'a stolen credential is refused by all processes after a logout of all devices (ms)',
        cells: { stateful: cell('stateful'), stateless: cell('stateless'), hybrid: cell('hybrid') },
      },
    ],
    choose: choose(results),
    limits:
      "The two processes run on one machine and one core and read one SQLite file; the nodes on PostgreSQL and the service with the feed are processes of the same machine, too: between machines the way of the news is longer by the network. The tries themselves load the server a little: two clients that pause 2 ms between two requests. The sessions in the database are rows put in by bulk, and nobody uses them. That the thief is fast is an assumption in the thief's favour.",
  };
}

export const reading: Reading = {
  experiment: 'stolen-phone',
  claim:
    'With JWTs a stolen phone cannot be logged out: the server has no record of it and no way to end it, whatever its owner asks for.',
  method:
    "A user with 10 to 100 000 sessions signs in on a phone and on a laptop; from the laptop all devices are logged out over HTTP. Meanwhile the phone's credential is tried without pause on the process that was asked and on a second one on the same database. Then the same with lifetimes of seconds, to wait for what a logout does not reach: a service that checks the JWT by the public keys alone, and a thief who renews in time. And again with two nodes on one PostgreSQL and a service that checks tokens with `counterfoil/verify` and hears of logouts by the feed: the phone is tried at the other node and at the service.",
  read: findings,
};
