/** The disturbed farm's part of the reading of `scaling`: what was done to it, and whether it kept its promises. */

import * as Plot from '@observablehq/plot';
import type { Figure, Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { count, listed, milliseconds, NOT_MEASURED, plain } from './amounts.js';

export interface Chaos {
  readonly nodes: number;
  readonly verifiers: number;
  readonly seconds: number;
  readonly disturbances: readonly { readonly what: string; readonly times: number }[];
  readonly refreshes: number;
  readonly signedOut: number;
  readonly loggedOut: number;
  readonly tries: number;
  /** Milliseconds from the mutation's answer to the last yes, over the tokens that were logged out. */
  readonly lag: Readonly<Record<'p50' | 'p99' | 'max' | 'certain max', number>>;
  readonly promisedMs: number;
  /** Nobody signed out without a reason, nothing accepted later than promised, and enough happened to show it. */
  readonly kept: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  kill: 'a node killed (SIGKILL)',
  'break-listen': 'connections to the log broken',
  pause: 'the database paused',
  'cut-feeds': 'feeds and all other connections of the balancer cut',
};

/** Null where any figure is missing that the promises need. */
export function chaosOf(results: Results): Chaos | null {
  const one = (metric: string, of?: string) =>
    results.summary({ metric, ...(of === undefined ? {} : { factors: { of } }) })?.median ?? null;
  const [signedOut, loggedOut, refreshes] = ['signed out', 'logged out', 'refreshes'].map((of) =>
    one(`chaos ${of}`),
  );
  const promisedMs = one('chaos promised');
  const certain = one('chaos lag', 'certain max');
  if (signedOut == null || loggedOut == null || refreshes == null) return null;
  if (promisedMs === null || certain === null) return null;
  const lag = (of: string) => one('chaos lag', of) ?? Number.NaN;
  return {
    nodes: one('chaos nodes') ?? Number.NaN,
    verifiers: one('chaos verifiers') ?? Number.NaN,
    seconds: one('chaos lasted') ?? Number.NaN,
    disturbances: results
      .observations({ metric: 'chaos disturbances' })
      .map(({ factors, value }) => ({ what: String(factors['what']), times: Number(value) })),
    refreshes,
    signedOut,
    loggedOut,
    tries: one('chaos tries') ?? Number.NaN,
    lag: { p50: lag('p50'), p99: lag('p99'), max: lag('max'), 'certain max': certain },
    promisedMs,
    kept: signedOut === 0 && certain <= promisedMs && loggedOut > 0 && refreshes > 0,
  };
}

export function chaosSaid(chaos: Chaos | null): string {
  if (chaos === null) return `A farm that is disturbed: ${NOT_MEASURED}.`;
  const { nodes, verifiers, seconds, disturbances, signedOut, loggedOut, lag, promisedMs, kept } = chaos;
  const times = disturbances.reduce((sum, each) => sum + each.times, 0);
  return `${count(nodes)} hybrid nodes and ${count(verifiers)} verifiers on one PostgreSQL, disturbed ${count(times)} times in ${plain(seconds)} s, signed out ${count(signedOut)} clients without reason, and accepted the ${count(loggedOut)} tokens that were logged out for ${milliseconds(lag.p99)} (p99) and ${milliseconds(lag.max)} at most, where ${milliseconds(promisedMs)} are promised: ${kept ? 'every promise held' : 'a promise was broken'}.`;
}

export function chaosTables(chaos: Chaos | null): Table[] {
  if (chaos === null) return [];
  const { lag } = chaos;
  const outcome = (holds: boolean) => (holds ? 'holds' : '**broken**');
  return [
    {
      caption: `${count(chaos.nodes)} nodes and ${count(chaos.verifiers)} verifiers on one PostgreSQL, disturbed for ${plain(chaos.seconds)} s`,
      head: ['', 'measured', 'promised', ''],
      rows: [
        ...chaos.disturbances.map(({ what, times }) => [WORDS[what] ?? what, `${count(times)} ×`, '', '']),
        ['refreshes of honest clients', count(chaos.refreshes), '', ''],
        [
          'honest clients signed out without reason',
          count(chaos.signedOut),
          '0',
          outcome(chaos.signedOut === 0),
        ],
        ['tokens logged out', count(chaos.loggedOut), '', ''],
        ['tries of these tokens at nodes and verifiers afterwards', count(chaos.tries), '', ''],
        ['last accepted after the answer, p50', milliseconds(lag.p50), '', ''],
        ['last accepted after the answer, p99', milliseconds(lag.p99), '', ''],
        ['last accepted after the answer, most, by when the yes arrived', milliseconds(lag.max), '', ''],
        [
          'the same by when it was asked for',
          milliseconds(lag['certain max']),
          `at most ${milliseconds(chaos.promisedMs)}`,
          outcome(lag['certain max'] <= chaos.promisedMs),
        ],
      ],
    },
  ];
}

export function chaosFigures(results: Results, chaos: Chaos | null): Figure[] {
  const bins = results.observations({ metric: 'chaos tokens' }).map(({ model, factors, value }) => {
    const upTo = factors['upTo'];
    return {
      model,
      within: upTo === 'later' ? 'later' : `≤ ${milliseconds(Number(upTo))}`,
      tokens: Number(value),
    };
  });
  if (chaos === null || bins.length === 0) return [];
  const filled = bins
    .filter(({ tokens }) => tokens > 0)
    .map(({ within, tokens }) => `${within}: ${count(tokens)}`);
  return [
    {
      name: 'scaling-chaos',
      title: 'How long a token that was logged out was still accepted somewhere in a disturbed farm',
      description: `A bar for each span of time after the answer to the logout, as high as the number of tokens that a node or a verifier last accepted within it. ${listed(filled)}.`,
      plot: {
        height: 260,
        marginBottom: 45,
        x: {
          label: 'last accepted after the answer (ms)',
          domain: bins.map(({ within }) => within),
          tickFormat: shorter,
        },
        y: { label: 'tokens', grid: true, nice: true },
        marks: [
          Plot.barY(bins, { x: 'within', y: 'tokens', fill: 'model' }),
          Plot.text(
            bins.filter(({ tokens }) => tokens > 0),
            { x: 'within', y: 'tokens', text: ({ tokens }: { tokens: number }) => count(tokens), dy: -7 },
          ),
          Plot.ruleY([0]),
        ],
      },
    },
  ];
}

/** The unit is in the label of the axis, and the bars are narrow. */
function shorter(within: string): string {
  return within.replace(' ms', '');
}
