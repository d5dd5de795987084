/** What the fillings of the timeline mean. */

import type { ReactNode } from 'react';
import type { Phase } from './key-life.js';
import { PhaseBar } from './key-patterns.js';
import { STATES } from './key-words.js';

const ROWS: readonly (readonly [phase: Phase, name: string, meaning: string, isExpected?: true])[] = [
  ['standby', STATES.STANDBY.name, STATES.STANDBY.meaning],
  ['active', STATES.ACTIVE.name, STATES.ACTIVE.meaning],
  ['retired', STATES.RETIRED.name, STATES.RETIRED.meaning],
  ['revoked', STATES.REVOKED.name, STATES.REVOKED.meaning],
  ['active', 'Expected', 'what is to come', true],
];

export function KeyLegend(): ReactNode {
  return (
    <ul className="legend" aria-label="Legend">
      {ROWS.map(([phase, name, meaning, isExpected = false]) => (
        <li key={name}>
          <svg width={28} height={14} aria-hidden="true">
            <PhaseBar phase={phase} isExpected={isExpected} x={0} y={0} width={28} height={14} />
            {phase === 'revoked' && <path className="lane__cross" d="M2 2.5l9 9M11 2.5l-9 9" />}
          </svg>
          <span>
            <strong>{name}</strong> {meaning}
          </span>
        </li>
      ))}
    </ul>
  );
}
