/** An outcome in words, for a terminal. */

import { shown } from '../../bench/table.js';
import type { Outcome } from './outcome.js';
import type { Scenario } from './scenario.js';

export function told(scenario: Scenario, outcome: Outcome): string {
  const { verifiers, nodes, promise, database, busy, relays } = outcome;
  const levels = relays.length === 0 ? 'no relays' : `relays: ${relays.map(number).join(', then ')}`;
  const lag = ({ p50, p99, max }: typeof verifiers) => `p50 ${ms(p50)}, p99 ${ms(p99)}, most ${ms(max)}`;
  const kept = promise.kept ? 'kept' : 'BROKEN';
  const rows: [string, string][] = [
    ['tree', `${number(scenario.nodes)} nodes, ${levels}, ${number(scenario.verifiers)} verifiers`],
    ['revocations followed', `${number(outcome.revocations)} in ${scenario.seconds} s`],
    ['until verifiers refuse', lag(verifiers)],
    ['until nodes refuse', lag(nodes)],
    ['not heard in the end', `${number(verifiers.unheard)} (verifier and revocation)`],
    [
      'verifiers stale',
      `${percent(verifiers.stale.share)} of their time, ${number(verifiers.stale.atOnce)} at once at most`,
    ],
    ['age of what they know', `mean ${ms(verifiers.stale.age.mean)}, most ${ms(verifiers.stale.age.most)}`],
    ['introspections', `${number(outcome.introspectionsPerSecond)} a second at most`],
    ['database', `${shown(database.readingsPerSecond)} readings a second, ${percent(database.busy)} busy`],
    ['nodes', `one core each: ${percent(busy.nodes.mean)} busy, the busiest ${percent(busy.nodes.most)}`],
    ['relays', `one core each: ${percent(busy.relays.mean)} busy, the busiest ${percent(busy.relays.most)}`],
    [
      'connections',
      `${number(outcome.reconnections)} made again, ${number(outcome.drops)} dropped for not reading`,
    ],
    [
      'the promise',
      `${kept}: last accepted ${ms(promise.latestMs)} after the mutation returned; ${ms(scenario.maxStalenessMs)} are allowed`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return `${rows.map(([name, words]) => `${name.padEnd(width)}  ${words}`).join('\n')}\n`;
}

export function ms(value: number): string {
  return value >= 10_000 ? `${shown(Number((value / 1_000).toFixed(1)))} s` : `${brief(value)} ms`;
}

export function percent(share: number): string {
  return `${brief(share * 100)} %`;
}

export function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 0 });
}

/** Two digits that count, below a thousand. */
function brief(value: number): string {
  if (value === 0) return '0';
  return value >= 100 ? number(value) : String(Number(value.toPrecision(2)));
}
