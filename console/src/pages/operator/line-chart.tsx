/** A chart of lines over the last minutes, each with its newest value, a bound that they should stay under, and a table. */

import type { ReactNode } from 'react';
import { clock } from '../../data/times.js';
import { Table } from '../../kit/index.js';
import { ChartCard, LineSwatch } from './chart-card.js';
import type { Scale } from './chart-scales.js';
import type { Figures, Sample } from './figures-history.js';
import { type Line, Lines, Plot } from './plot.js';

export interface Shown {
  readonly samples: readonly Sample[];
  readonly now: number;
}
export interface Series {
  readonly name: string;
  /** Lines differ in their dashes and not in colour alone. */
  readonly className: string;
  readonly of: (figures: Figures) => number | null;
}

const ROWS_OF_TABLE = 24;

export function LineChart({
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
