/** What holds at a moment, as lines: the lag of revocations, the line before argon2, those who listen. */

import type { ReactNode } from 'react';
import { clock } from '../../data/times.js';
import { Table } from '../../kit/index.js';
import { ChartCard, LineSwatch } from './chart-card.js';
import { countScale, lagScale, milliseconds, queueScale, type Scale } from './chart-scales.js';
import type { Figures, Sample } from './figures-history.js';
import { type Line, Lines, Plot } from './plot.js';

interface Shown {
  readonly samples: readonly Sample[];
  readonly now: number;
}
interface Series {
  readonly name: string;
  /** Lines differ in their dashes and not in colour alone. */
  readonly className: string;
  readonly of: (figures: Figures) => number | null;
}

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
const ROWS_OF_TABLE = 24;

function LineChart({
  samples,
  now,
  title,
  lead,
  unit,
  series,
  format,
  scale,
  bound,
  nothing,
}: Shown & {
  readonly title: string;
  readonly lead: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  readonly scale: Scale;
  readonly bound: { readonly value: number; readonly name: string } | null;
  readonly nothing: string;
}): ReactNode {
  const newest = samples.at(-1)?.figures ?? null;
  const value = (of: Series['of'], figures: Figures | null) => {
    const found = figures === null ? null : of(figures);
    return found === null ? nothing : format(found);
  };
  const lines = series.map(
    ({ name, className, of }): Line => ({ name, className, points: pointsOf(samples, of) }),
  );
  const keys = series.map(({ name, className, of }) => ({
    name,
    swatch: <LineSwatch className={className} />,
    value: value(of, newest),
  }));
  const limit =
    bound === null
      ? []
      : [{ name: bound.name, swatch: <LineSwatch className="line--bound" />, value: format(bound.value) }];
  const said = [...keys, ...limit].map((key) => `${key.name.toLowerCase()} ${key.value}`).join(', ');
  return (
    <ChartCard
      title={title}
      lead={lead}
      keys={[...keys, ...limit]}
      table={
        <Table
          caption={`${title}, newest first`}
          rows={samples.toReversed().slice(0, ROWS_OF_TABLE)}
          keyOf={({ at }) => String(at)}
          columns={[
            { title: 'At', cell: ({ at }) => clock(at) },
            ...series.map(({ name, of }) => ({
              title: name,
              cell: ({ figures }: Sample) => value(of, figures),
              isNumber: true,
            })),
          ]}
        />
      }
    >
      <Plot
        label={`${title} now: ${said}.`}
        unit={unit}
        scale={scale}
        now={now}
        since={samples[0]?.at ?? now}
      >
        {(area) => (
          <>
            {bound && (
              <g className="line line--bound">
                <path d={`M${area.x(now) - area.width} ${area.y(scale.share(bound.value))}h${area.width}`} />
                <text x={area.x(now)} y={area.y(scale.share(bound.value)) - 5} textAnchor="end">
                  {bound.name.toLowerCase()} {format(bound.value)}
                </text>
              </g>
            )}
            <Lines lines={lines} area={area} scale={scale} />
          </>
        )}
      </Plot>
    </ChartCard>
  );
}

function pointsOf(samples: readonly Sample[], of: Series['of']): Line['points'] {
  return samples.flatMap(({ at, figures, isAfterGap }) => {
    const found = of(figures);
    const point = found === null ? null : ([at, found] as const);
    return isAfterGap ? [null, point] : [point];
  });
}
