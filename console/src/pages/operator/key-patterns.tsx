/** The fillings of the phases of a key. They differ in pattern and not in colour alone. */

import type { ReactNode } from 'react';
import { Hatch } from './hatch.js';
import type { Phase } from './key-life.js';

/** Once in the page; every drawing in it may fill with them. */
export function KeyPatterns(): ReactNode {
  return (
    <svg className="patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <Hatch id="key-standby" angle={45} step={6} className="hatch hatch--standby" />
        <Hatch id="key-retired" angle={90} step={4} className="hatch hatch--retired" />
      </defs>
    </svg>
  );
}

/** Those whose filling is no single colour. */
const PATTERNED: ReadonlySet<Phase> = new Set<Phase>(['standby', 'retired']);

/** One piece of a bar, from `x` to `x + width`. A minute in a month is still a mark. */
export function PhaseBar({
  phase,
  isExpected,
  x,
  y,
  width,
  height,
}: {
  readonly phase: Phase;
  readonly isExpected: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}): ReactNode {
  // A revoked key is on record and no more: a line instead of a bar.
  if (phase === 'revoked') return <path className="phase-record" d={`M${x} ${y + height / 2}h${width}`} />;
  return (
    <rect
      className={`phase phase--${phase} ${isExpected ? 'phase--expected' : ''}`}
      {...(PATTERNED.has(phase) ? { fill: `url(#key-${phase})` } : {})}
      x={x + 0.5}
      y={y + 0.5}
      width={Math.max(2, width - 1)}
      height={height - 1}
      rx={3}
    />
  );
}
