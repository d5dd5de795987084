/** How refresh tokens were judged, as bars of a few seconds each. */

import type { ReactNode } from 'react';
import { clock } from '../../data/times.js';
import { Table } from '../../kit/index.js';
import { ChartCard } from './chart-card.js';
import { countScale } from './chart-scales.js';
import { type Interval, intervals, type Sample, totals } from './figures-history.js';
import { Hatch } from './hatch.js';
import { type Area, Plot } from './plot.js';

const LENGTH_MS = 5_000;
/** From the foot up: what is usual first. */
const VERDICTS: readonly (readonly [verdict: string, name: string])[] = [
  ['rotate', 'Rotated'],
  ['replay', 'Repeated'],
  ['ended', 'Session over'],
  ['invalid', 'Not ours'],
  ['reuse', 'Reused'],
];
const ROWS_OF_TABLE = 24;

export function VerdictsChart({
  samples,
  now,
}: {
  readonly samples: readonly Sample[];
  readonly now: number;
}): ReactNode {
  const bars = intervals(samples, LENGTH_MS);
  const known = [...VERDICTS, ...unknownVerdicts(samples)];
  const sums = known.map(([verdict]) =>
    bars.reduce((sum, { counts }) => sum + (counts.get(verdict) ?? 0), 0),
  );
  const scale = countScale(Math.max(...bars.map(total), 0));
  const said = known.map(([, name], index) => `${name.toLowerCase()} ${sums[index]}`).join(', ');
  return (
    <>
      <VerdictPatterns />
      <ChartCard
        title="Refresh verdicts"
        lead="How refresh tokens were judged. A reused one means a thief: its session was ended."
        keys={known.map(([verdict, name], index) => ({
          name,
          swatch: <Swatch verdict={verdict} />,
          value: (sums[index] ?? 0).toLocaleString('en'),
        }))}
        table={<VerdictTable bars={bars} known={known} />}
      >
        <Plot
          label={`Refresh verdicts of the last 5 minutes, in stretches of 5 seconds: ${said}. At most ${Math.max(0, ...bars.map(total))} in 5 seconds.`}
          unit="refreshes per 5 s"
          scale={scale}
          now={now}
          since={samples[0]?.at ?? now}
        >
          {(area) =>
            bars.map((bar) => (
              <Bar key={bar.from} bar={bar} known={known} area={area} height={scale.share} now={now} />
            ))
          }
        </Plot>
      </ChartCard>
    </>
  );
}

type Known = readonly (readonly [verdict: string, name: string])[];

/** What a newer server says is shown as it is. */
function unknownVerdicts(samples: readonly Sample[]): Known {
  const last = samples.at(-1);
  const names = last === undefined ? [] : [...totals(last.figures).keys()];
  return names.filter((name) => !VERDICTS.some(([known]) => known === name)).map((name) => [name, name]);
}

function total({ counts }: Interval): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function Bar({
  bar,
  known,
  area,
  height,
  now,
}: {
  readonly bar: Interval;
  readonly known: Known;
  readonly area: Area;
  readonly height: (value: number) => number;
  readonly now: number;
}): ReactNode {
  const left = Math.max(area.x(now - 300_000), area.x(bar.from));
  const width = Math.max(1, area.x(Math.min(now, bar.from + LENGTH_MS)) - left - 1);
  let below = 0;
  return known.map(([verdict]) => {
    const count = bar.counts.get(verdict) ?? 0;
    if (count === 0) return null;
    const [foot, head] = [area.y(height(below)), area.y(height(below + count))];
    below += count;
    return (
      <rect
        key={verdict}
        {...filling(verdict)}
        x={left}
        y={head}
        width={width}
        height={Math.max(1, foot - head)}
      />
    );
  });
}

const PATTERNED = new Set(['replay', 'ended', 'invalid', 'reuse']);

function filling(verdict: string): { className: string; fill?: string } {
  const className = `bar-of bar-of--${verdict}`;
  return PATTERNED.has(verdict) ? { className, fill: `url(#verdict-${verdict})` } : { className };
}

function Swatch({ verdict }: { readonly verdict: string }): ReactNode {
  return (
    <svg width={14} height={14} aria-hidden="true">
      <rect {...filling(verdict)} x={0.5} y={0.5} width={13} height={13} rx={2} />
    </svg>
  );
}

function VerdictPatterns(): ReactNode {
  return (
    <svg className="patterns" width="0" height="0" aria-hidden="true">
      <defs className="bar-patterns">
        <Hatch id="verdict-replay" angle={45} step={5} className="hatch hatch--replay" />
        <Hatch id="verdict-ended" angle={90} step={4} className="hatch hatch--ended" />
        <Hatch id="verdict-invalid" angle={0} step={4} className="hatch hatch--invalid" />
        <Hatch id="verdict-reuse" angle={-45} step={4} className="hatch hatch--reuse" />
      </defs>
    </svg>
  );
}

function VerdictTable({
  bars,
  known,
}: {
  readonly bars: readonly Interval[];
  readonly known: Known;
}): ReactNode {
  return (
    <Table
      caption="Refresh verdicts by stretches of 5 seconds, newest first"
      rows={bars.toReversed().slice(0, ROWS_OF_TABLE)}
      keyOf={({ from }) => String(from)}
      columns={[
        { title: 'From', cell: ({ from }) => clock(from) },
        ...known.map(([verdict, name]) => ({
          title: name,
          cell: ({ counts }: Interval) => counts.get(verdict) ?? 0,
          isNumber: true,
        })),
      ]}
    />
  );
}
