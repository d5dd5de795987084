/** What a change of the signing algorithm refuses, and what each algorithm costs. */

import type { Model } from '../harness/observation.js';
import type { Findings, Reading, Table, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { ALGORITHMS, costFigure, costs, dearest, sizeFigure } from './algorithms-costs.js';
import { count, listed, milliseconds, NOT_MEASURED, ranged } from './amounts.js';
import { unmeasured } from './unmeasured.js';

const MODELS = ['stateless', 'hybrid'] as const satisfies readonly Model[];

export const reading: Reading = {
  experiment: 'algorithms',
  claim:
    'Signed tokens rest on an algorithm, algorithms get broken, and changing one under way locks out whoever holds a token of the old.',
  method:
    'On the real server, 20 clients ask who they are without a pause and renew their tokens now and then, not knowing of any change. Meanwhile an operator changes the algorithm, ES256 → EdDSA → RS256 → ML-DSA-44, as far as the runtime has them, and goes on with the token of the first. An answer that is not the right user counts as refused. The stateful model signs nothing, so it has nothing to change. The cost of a signature and of a verification is measured apart, by the very functions that the server calls.',
  read: (results) => {
    const tallies = MODELS.map((model) => tally(results, model));
    const [stateless, hybrid] = tallies;
    if (!stateless || !hybrid || hybrid.changes.length === 0) return UNMEASURED;
    return findings(results, { stateless, hybrid });
  },
};

const UNMEASURED = unmeasured('No algorithm was changed.');

interface Tally {
  readonly requests: number;
  readonly renewals: number;
  readonly refused: number;
  /** The algorithms that were changed to, in order. */
  readonly changes: readonly string[];
}

/** Sums of all rounds; null where there were none. */
function tally(results: Results, model: Model): Tally | null {
  const seen = results.observations({ metric: 'all refused', model });
  if (seen.length === 0) return null;
  const sum = (metric: string) =>
    results.observations({ metric, model }).reduce((total, { value }) => total + Number(value), 0);
  return {
    requests: sum('all requests'),
    renewals: sum('all renewals'),
    refused: sum('all refused'),
    changes: ALGORITHMS.slice(1).filter(
      (algorithm) => results.word({ metric: 'supported', model, factors: { algorithm } }) === 'true',
    ),
  };
}

function findings(results: Results, of: Readonly<Record<'stateless' | 'hybrid', Tally>>): Findings {
  const { stateless, hybrid } = of;
  const locked = [stateless, hybrid].filter(({ refused }) => refused > 0).length;
  const verdict: Verdict = locked === 0 ? 'fails' : locked === 2 ? 'holds' : 'depends';
  const missing = ALGORITHMS.filter(
    (algorithm) => results.word({ metric: 'runtime has it', factors: { algorithm } }) === 'false',
  );
  const said = MODELS.map(
    (model) => `${count(of[model].refused)} of ${count(of[model].requests)} requests in the ${model} model`,
  );
  return {
    verdict,
    because: `Changing to ${listed(hybrid.changes)} while clients were at work refused ${listed(said)}.${missing.length > 0 ? ` ${listed(missing)} is not in this runtime, and the server said so.` : ''}`,
    tables: [migration(results), costs(results)],
    figures: [costFigure(results), sizeFigure(results)],
    choose: `${CHOOSE[verdict]} ${dearest(results)} Stateful has nothing here that could age but the hash of its ids.`,
    limits:
      'The server verifies its own tokens, so it knows each key as soon as it signs. Other services learn keys from the JWKS, which they may cache for five minutes: for them a key is published an hour before it signs, which was switched off here so as not to wait. A change because the old algorithm has been broken is another matter: then tokens of the old keys must be refused at once, which is what revoking a key does (see the leaked key).',
  };
}

const CHOOSE: Readonly<Record<Verdict, string>> = {
  fails:
    'An algorithm is no reason against tokens where the server keeps the old key for verifying until its last token has expired, and takes the algorithm from the key. Ask of a server whether it does both.',
  depends: 'Changing the algorithm refused requests in one of the models: see the table.',
  holds: 'Reckon with refusals when the algorithm changes, and do it when few are at work.',
  'not measured': '',
};

function migration(results: Results): Table {
  const rows = ALGORITHMS.flatMap((algorithm) =>
    MODELS.map((model) => {
      const factors = { algorithm };
      const supported = results.word({ metric: 'supported', model, factors });
      if (supported !== 'true') {
        const why = supported === 'false' ? '`UnsupportedAlgorithm`' : NOT_MEASURED;
        return [algorithm, model, why, '', '', '', ''];
      }
      const sum = (metric: string) =>
        results.observations({ metric, model, factors }).reduce((all, { value }) => all + Number(value), 0);
      const slowest = results
        .observations({ metric: 'slowest', model, factors })
        .map(({ value }) => Number(value));
      return [
        algorithm,
        model,
        algorithm === ALGORITHMS[0]
          ? 'begun with'
          : ranged(results.summary({ metric: 'rotation', model, factors }), milliseconds),
        count(sum('requests')),
        count(sum('refused')),
        milliseconds(Math.max(...slowest)),
        ranged(results.summary({ metric: 'token', model, factors }), count),
      ];
    }),
  );
  return {
    caption: 'The migration; requests and refusals are sums of all rounds, during the change and after it',
    head: ['algorithm', 'model', 'the change took', 'requests', 'refused', 'slowest answer', 'token (bytes)'],
    rows,
  };
}
