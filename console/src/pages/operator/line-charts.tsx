/** What holds at a moment, as lines: the lag of revocations, the line before argon2, those who listen. */

import type { ReactNode } from 'react';
import { countScale, lagScale, milliseconds, queueScale } from './chart-scales.js';
import { LineChart, type Series, type Shown } from './line-chart.js';

const LAG: readonly Series[] = [
  { name: 'Half within', className: 'line--first', of: ({ revocations }) => revocations.lag?.p50Ms ?? null },
  { name: '99 % within', className: 'line--second', of: ({ revocations }) => revocations.lag?.p99Ms ?? null },
  { name: 'Longest', className: 'line--third', of: ({ revocations }) => revocations.lag?.maxMs ?? null },
];

/** `boundMs` is what the server promises; null until it is known. */
export function LagChart({ boundMs, ...shown }: Shown & { readonly boundMs: number | null }): ReactNode {
  const values = shown.samples.flatMap(({ figures }) => LAG.flatMap(({ of }) => of(figures) ?? []));
  return (
    <LineChart
      {...shown}
      title="Revocation lag"
      lead="From the writing of a revocation, by whatever node, to this process refusing by it. Of the newest 500."
      unit="logarithmic"
      series={LAG}
      format={milliseconds}
      scale={lagScale(Math.min(1, ...values), Math.max(boundMs ?? 0, ...values))}
      bound={boundMs === null ? null : { value: boundMs, name: 'Bound' }}
      nothing="none yet"
    />
  );
}

const HASHING: readonly Series[] = [
  { name: 'Running', className: 'line--first', of: ({ argon2 }) => argon2.running },
  { name: 'Waiting', className: 'line--second', of: ({ argon2 }) => argon2.waiting },
];

export function HashingChart(shown: Shown): ReactNode {
  const limit = shown.samples.at(-1)?.figures.argon2.limit ?? 1;
  return (
    <LineChart
      {...shown}
      title="argon2 queue"
      lead="Password hashes, as they were found every 2 seconds. When the line is full, sign-ins are refused."
      unit="hashes, logarithmic"
      series={HASHING}
      format={plain}
      scale={queueScale(limit * 1.3)}
      bound={{ value: limit, name: 'Limit' }}
      nothing="–"
    />
  );
}

const PUSH: readonly Series[] = [
  { name: 'Connections', className: 'line--first', of: ({ push }) => push.connections },
  { name: 'Subscriptions', className: 'line--second', of: ({ push }) => push.subscriptions },
];

export function PushChart(shown: Shown): ReactNode {
  const values = shown.samples.flatMap(({ figures }) => [
    figures.push.connections,
    figures.push.subscriptions,
  ]);
  return (
    <LineChart
      {...shown}
      title="Push"
      lead="Pages and apps that listen to sessionEvents on this process."
      unit="open now"
      series={PUSH}
      format={plain}
      scale={countScale(Math.max(0, ...values))}
      bound={null}
      nothing="–"
    />
  );
}

const plain = (value: number) => value.toLocaleString('en');
