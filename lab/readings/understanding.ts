/** How much there is to understand. Lines and words are a poor measure of that, and the only one at hand. */

import * as Plot from '@observablehq/plot';
import { MODELS, type Model } from '../harness/observation.js';
import type { Findings, Reading, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { count, NOT_MEASURED, plain } from './amounts.js';
import { unmeasured } from './unmeasured.js';

/** Of somebody who reads to understand. */
const WORDS_A_MINUTE = 200;
const MINUTES = 10;
/** So much more code counts as more. */
const NOTABLE = 1.25;

export const reading: Reading = {
  experiment: 'understanding',
  claim: 'Tokens are hard to understand: who does not know the cryptography behind them will leave holes.',
  method: `The code of each model is bundled with what has no other purpose than to be handed to it (for tokens the key ring and its rotation, for hybrid the revocation log besides), and its lines are counted. Then the words of [the page that explains all three](docs/how-it-works.md), at ${WORDS_A_MINUTE} words a minute.`,
  read(results) {
    const code = (model: Model) => results.summary({ metric: 'code', model })?.median ?? null;
    const [stateful, stateless, hybrid] = [code('stateful'), code('stateless'), code('hybrid')];
    const words = results.summary({ metric: 'words' })?.median ?? null;
    if (stateful === null || stateless === null || hybrid === null || words === null) return UNMEASURED;
    return findings(results, { stateful, stateless, hybrid }, words);
  },
};

const UNMEASURED = unmeasured('The code of the models and the page about them were not both counted.');

function findings(results: Results, lines: Readonly<Record<Model, number>>, words: number): Findings {
  const minutes = words / WORDS_A_MINUTE;
  const more = lines.stateless > lines.stateful * NOTABLE;
  const long = minutes > MINUTES;
  const verdict = verdictOf(more, long);
  const times = (model: Model) => `${plain(lines[model] / lines.stateful)} ×`;
  const diagrams = results.summary({ metric: 'diagrams' });
  const rows = MODELS.map((model) => ({ model, lines: lines[model] }));
  return {
    verdict,
    because: `The stateless model takes ${count(lines.stateless)} lines of code, ${times('stateless')} as many as the stateful one (${count(lines.stateful)}); hybrid takes the most, ${count(lines.hybrid)}, or ${times('hybrid')}. What a user of them has to know is read in ${count(minutes)} minutes${long ? `, which is more than ${MINUTES}` : ''}.`,
    tables: [
      {
        caption: 'What there is to read',
        head: ['', ...MODELS],
        rows: [
          ['lines of code', ...MODELS.map((model) => count(lines[model]))],
          ['against stateful', ...MODELS.map(times)],
        ],
      },
      {
        caption: 'The page about all three',
        head: ['', ''],
        rows: [
          ['words, without the diagrams', count(words)],
          [`minutes, at ${WORDS_A_MINUTE} words each`, count(minutes)],
          ['diagrams', diagrams === null ? NOT_MEASURED : count(diagrams.median)],
        ],
      },
    ],
    figures: [
      {
        name: 'understanding-code',
        title: 'Lines of code that make each model work',
        description: `Bars: ${MODELS.map((model) => `${model} ${count(lines[model])} lines`).join(', ')}.`,
        plot: {
          height: 220,
          marginLeft: 84,
          x: { label: 'lines of code', grid: true },
          y: { label: null, domain: MODELS },
          marks: [
            Plot.barX(rows, { x: 'lines', y: 'model', fill: 'model', insetTop: 6, insetBottom: 6 }),
            Plot.ruleX([0]),
          ],
        },
      },
    ],
    comparison: [
      {
        measured: 'lines of code of the model',
        cells: {
          stateful: count(lines.stateful),
          stateless: count(lines.stateless),
          hybrid: count(lines.hybrid),
        },
      },
    ],
    choose: CHOOSE[verdict],
    limits:
      'Lines are not difficulty, and reading is not understanding: nobody was examined. What the libraries for signatures and for the database contain is not counted on either side. Operations, GraphQL and HTTP are the same for all three and are left out.',
  };
}

function verdictOf(more: boolean, long: boolean): Verdict {
  if (more === long) return more ? 'holds' : 'fails';
  return 'depends';
}

const CHOOSE: Readonly<Record<Verdict, string>> = {
  holds:
    'If you write it yourself, write the stateful model. If you use what others wrote, plan the time to understand what it does.',
  depends:
    'It depends on who has to understand. Whoever writes a model has more to get right with tokens than with sessions, and most of all with hybrid: keys, their rotation, the revocation log and the rules of refreshing. Whoever only uses one has a page to read. If you write it yourself and do not need what tokens give, write the stateful model.',
  fails: 'It is no reason to choose one model or another.',
  'not measured': '',
};
