/** The figures of this moment, as the stubs of a strip of tickets. */

import type { ReactNode } from 'react';
import { milliseconds } from './chart-scales.js';
import { type Sample, totals } from './figures-history.js';

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly isBad?: boolean;
}

const plain = (value: number) => value.toLocaleString('en');

export function LiveFigures({
  samples,
  newest,
  boundMs,
}: {
  readonly samples: readonly Sample[];
  readonly newest: Sample;
  readonly boundMs: number | null;
}): ReactNode {
  return (
    <dl className="figures">
      {figuresOf(samples, newest, boundMs).map(({ name, value, note, isBad }) => (
        <div key={name} className={`figure ${isBad ? 'figure--bad' : ''}`}>
          <dt>{name}</dt>
          <dd>
            <span className="figure__value">{value}</span>
            <span className="figure__note">{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function figuresOf(samples: readonly Sample[], newest: Sample, boundMs: number | null): readonly Figure[] {
  const { revocations, argon2, push } = newest.figures;
  const lastMinute = samples.filter(({ at }) => at > newest.at - 60_000);
  const refreshes = lastMinute.reduce(
    (sum, { verdicts }) => sum + [...verdicts.values()].reduce((a, b) => a + b, 0),
    0,
  );
  const reuse = totals(newest.figures).get('reuse') ?? 0;
  const { stalenessMs } = revocations;
  const isStale = stalenessMs === null || (boundMs !== null && stalenessMs > boundMs);
  return [
    { name: 'Refreshes', value: plain(refreshes), note: 'in the last minute' },
    { name: 'Reused tokens', value: plain(reuse), note: 'detected since the start', isBad: reuse > 0 },
    {
      name: 'Revocations read',
      value: stalenessMs === null ? 'unknown' : milliseconds(stalenessMs),
      note: boundMs === null ? 'ago' : `ago; the bound is ${milliseconds(boundMs)}`,
      isBad: isStale,
    },
    {
      name: 'Revocations felt',
      value: plain(revocations.felt),
      note: `since the start; ${plain(revocations.remembered)} remembered`,
    },
    {
      name: 'Sign-ins refused',
      value: plain(argon2.refused),
      note: 'because too many waited',
      isBad: argon2.refused > 0,
    },
    {
      name: 'Events pushed',
      value: plain(push.sent),
      note: `since the start; ${plain(push.dropped)} dropped`,
      isBad: push.dropped > 0,
    },
  ];
}
