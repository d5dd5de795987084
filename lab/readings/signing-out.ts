/** How soon an open page is at its sign-in when its session is ended from elsewhere, in each model. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Findings, Reading, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { count, milliseconds, NOT_MEASURED, percent } from './amounts.js';
import { unmeasured } from './unmeasured.js';

export const reading: Reading = {
  experiment: 'signing-out',
  claim:
    'Whoever is logged out from elsewhere goes on looking at a page that seems signed in, until they do something or load it again.',
  method:
    'Chromium has the web console open. On another device its user calls `logoutAllDevices`. Noted is when the page draws its sign-in, from the moment that request is sent: in each frame the page looks whether it is there. The same again with a WebSocket that is neither answered nor refused: then the page may be told nothing, and a page of the console is opened that asks the server. Every time with a browser profile that has nothing in it.',
  read: (results) => {
    const verdict = verdictOf(results);
    return verdict === null
      ? unmeasured('Whether pages of the stateful and the stateless model notice was not measured.')
      : findings(results, verdict);
  },
};

const ITSELF = 'by itself';
const NEXT = 'with its next request';

/** Of all times that it was tried: how often, as a share. */
function often(results: Results, how: string, model: Model, socket: boolean): number | null {
  const seen = results.observations({ metric: `at sign-in ${how}`, model, factors: { socket } });
  return seen.length === 0 ? null : seen.reduce((sum, { value }) => sum + Number(value), 0) / seen.length;
}

/** `60 ms, 95 ms at most`. */
function soon(results: Results, how: string, model: Model, socket: boolean): string | null {
  const summary = results.summary({ metric: `${how} after`, model, factors: { socket } });
  return summary && `${milliseconds(summary.median)}, ${milliseconds(summary.most)} at most`;
}

function verdictOf(results: Results): Verdict | null {
  const shares = MODELS.map((model) => often(results, ITSELF, model, true));
  if (shares.includes(null)) return null;
  if (shares.every((share) => share === 1)) return 'fails';
  return shares.every((share) => share === 0) ? 'holds' : 'depends';
}

function findings(results: Results, verdict: Verdict): Findings {
  const tries = results.observations({ metric: `at sign-in ${ITSELF}`, factors: { socket: true } }).length;
  const cell = (how: string, socket: boolean) => (model: Model) => {
    const share = often(results, how, model, socket);
    return share === null ? NOT_MEASURED : percent(share);
  };
  const time = (how: string, socket: boolean) => (model: Model) =>
    soon(results, how, model, socket) ?? 'never';
  const row = (name: string, of: (model: Model) => string) => [name, ...MODELS.map(of)];
  const each = (of: (model: Model) => string) => MODELS.map((model) => `${model} ${of(model)}`).join('; ');
  return {
    verdict,
    because: `From the request to log out everywhere until another open page had drawn its sign-in (median, most): ${each(time(ITSELF, true))}. Tried ${count(tries / MODELS.length)} times in each model.`,
    tables: [
      {
        caption: 'What becomes of an open page when its user logs out everywhere on another device',
        head: ['', ...MODELS],
        rows: [
          row('WebSocket open: at its sign-in by itself', cell(ITSELF, true)),
          row('after (median, most)', time(ITSELF, true)),
          row('WebSocket blocked: at its sign-in by itself', cell(ITSELF, false)),
          row('at its sign-in with its next request', cell(NEXT, false)),
          row('after that was begun (median, most)', time(NEXT, false)),
        ],
      },
    ],
    figures: [],
    comparison: [
      {
        measured: 'an open page elsewhere is at its sign-in after a logout of all devices (median, most)',
        cells: {
          stateful: time(ITSELF, true)('stateful'),
          stateless: time(ITSELF, true)('stateless'),
          hybrid: time(ITSELF, true)('hybrid'),
        },
      },
    ],
    choose:
      'Where the server knows of a session, it can end it and say so, and the person sees it at once. Where it keeps none, nothing ends, so there is nothing to tell: the page stays signed in, and rightly so. A blocked socket costs the news and not the safety: the next request is refused.',
    limits:
      'One browser on the machine of the server, with nothing else to do: no network lies in between. Where the server is one of several nodes, the reading of the revocation log comes on top.',
  };
}
