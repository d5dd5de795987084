/** What the figures of the leaked key say: who can be impersonated, for how long, and what the remedy costs. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Findings, Reading, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { count, listed, median, NOT_MEASURED } from './amounts.js';
import { beyondSaid } from './beyond.js';
import { acceptedOf, dies, forgeries, honest, outlivesTheKey, wasAccepted } from './leaked-key-facts.js';
import { figures } from './leaked-key-figures.js';
import { accepted, outside, revoked } from './leaked-key-tables.js';

/** How far the whole system is compromised: not at all, until the key is revoked, or so that everybody must begin anew. */
function harm(results: Results, model: Model): 'none' | 'until revoked' | 'lasting' | null {
  const tried = acceptedOf(results, model);
  const again = honest(results, model, 'must sign in again');
  const fate = dies(results, model);
  if (tried === null || again === null || fate === null) return null;
  if (fate === 'goes on' || again.users > 0 || outlivesTheKey(results, model)) return 'lasting';
  return tried.accepted > 0 ? 'until revoked' : 'none';
}

function verdictOn(results: Results): Verdict {
  const [stateless, hybrid] = [harm(results, 'stateless'), harm(results, 'hybrid')];
  if (stateless === null || hybrid === null) return 'not measured';
  if (stateless === 'none' && hybrid === 'none') return 'fails';
  return stateless === 'lasting' && hybrid === 'lasting' ? 'holds' : 'depends';
}

function because(results: Results): string {
  const said = MODELS.map((model) => {
    const tried = acceptedOf(results, model);
    const again = honest(results, model, 'must sign in again');
    if (tried === null || again === null) return `${model}: ${NOT_MEASURED}`;
    const time = median(
      results.summary({ metric: 'time until dead', model, factors: { process: 'second process' } }),
      'ms',
    );
    const fate = dies(results, model);
    const dead =
      fate === 'dies'
        ? `dead on a second process ${time} after the operator asked for the revocation; `
        : fate === 'goes on'
          ? 'still accepted after the revocation; '
          : '';
    return `${model}: ${tried.accepted} of ${tried.of} forgeries accepted, ${dead}${count(again.users)} of ${count(again.of)} honest users had to sign in again`;
  });
  return `With the real private key in a thief's hands: ${said.join('. ')}. Beyond one machine, a hybrid forgery after the revocation: ${beyondSaid(results, 'hybrid')}.`;
}

/** Whether a forgery whose name begins so was accepted. */
function passed(results: Results, model: Model, beginning: string): boolean {
  const found = forgeries(results).filter((name) => name.startsWith(beginning));
  return found.some((name) => wasAccepted(results, model, name) === true);
}

function choose(results: Results): string {
  const token = (['stateless', 'hybrid'] as const).filter((model) => passed(results, model, 'the victim'));
  const operators = token.every((model) => passed(results, model, 'an operator'));
  const said: [boolean, string][] = [
    [
      token.length > 0,
      `The claim is right about the ${listed(token)} ${token.length > 1 ? 'models' : 'model'} as long as nobody notices: whoever has the key is anybody${operators ? ', an operator too' : ''}, since no session is looked up.`,
    ],
    [
      harm(results, 'hybrid') === 'until revoked',
      'What the hybrid model changes is the remedy: one mutation, and no honest user signs in again.',
    ],
    [
      token.length > 0 && !passed(results, 'hybrid', 'renewal') && passed(results, 'stateless', 'renewal'),
      'And there a forged token buys no refresh token, while the stateless model renews a forgery like any other token.',
    ],
    [
      outlivesTheKey(results, 'stateless'),
      'So a forger can outlive the key in the stateless model: a forgery renewed after an ordinary rotation is signed with the new key, and the revocation of the old one does not concern it. Whoever suspects a leak must revoke every key that signed since, and so sign everybody out.',
    ],
    [
      harm(results, 'stateful') === 'none' && token.includes('hybrid'),
      'Here the hybrid model loses to the stateful one, which had no forgery to refuse: what opens every door there is writing to the database.',
    ],
    [
      passed(results, 'hybrid', 'the same user, with an epoch guessed far too high'),
      "The epoch in a hybrid token is no obstacle to a forger: one that is too high passes, and an old one is refused only as long as the log remembers the user's logout.",
    ],
  ];
  return said.flatMap(([applies, text]) => (applies ? [text] : [])).join(' ');
}

function findings(results: Results): Findings {
  const cell = (model: Model) => {
    const again = honest(results, model, 'must sign in again');
    return again === null ? NOT_MEASURED : `${count(again.users)} of ${count(again.of)}`;
  };
  const cells = (of: (model: Model) => string) => ({
    stateful: of('stateful'),
    stateless: of('stateless'),
    hybrid: of('hybrid'),
  });
  return {
    verdict: verdictOn(results),
    because: because(results),
    tables: [accepted(results), revoked(results), outside(results)],
    figures: figures(results),
    comparison: [
      {
        measured: 'forgeries accepted while the leaked signing key is good',
        cells: cells((model) => {
          const tried = acceptedOf(results, model);
          return tried === null ? NOT_MEASURED : `${tried.accepted} of ${tried.of}`;
        }),
      },
      { measured: 'users who must sign in again after its revocation', cells: cells(cell) },
    ],
    choose: choose(results),
    limits:
      'The forger was given the database and the master key; how hard it is to get both was not tried, and whoever can also write to the database needs no forgery in any model. Tokens of the stateless model do not name the epoch, so there the forgeries that differ in it do not differ. How long it takes until somebody notices a leak is the larger part of the harm, and no experiment says it.',
  };
}

export const reading: Reading = {
  experiment: 'leaked-key',
  claim:
    'JWTs rest on a single key: if it leaks, the whole system is compromised, and whoever has it can be anybody.',
  method:
    "The private signing key is opened from the database with the master key of the same folder, as somebody who stole both would do, and used to sign tokens by the server's own code: a victim's, an operator's, with known and made-up ids of sessions, with right and wrong epochs. Then the operator revokes the key by the API, while a forgery is tried without pause on the process that was asked and on a second one on the same database; afterwards every honest user comes by. Last the key leaks once more, and is rotated before it is revoked. The same on two nodes on one PostgreSQL and a service that checks tokens with `counterfoil/verify` and hears of revocations by the feed: a forgery is tried at the other node and at the service.",
  read: findings,
};
