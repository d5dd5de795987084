/** The key ring as a timeline: a lane for each key, time from left to right, and now as a line through all of them. */

import type { ReactNode } from 'react';
import type { KeyFragment } from '../../generated/graphql.js';
import { Badge, Button, Serial } from '../../kit/index.js';
import { lifeOf, type Piece, type Rotation } from './key-life.js';
import { PhaseBar } from './key-patterns.js';
import { algorithmName, lifeInWords, STATES, shortKid } from './key-words.js';
import { type TimeScale, timeScale } from './time-scale.js';
import { useWidth } from './use-width.js';

const LANE = 52;
const BAR = 18;

export function KeyTimeline({
  keys,
  rotation,
  now,
  onRevoke,
}: {
  readonly keys: readonly KeyFragment[];
  readonly rotation: Rotation | null;
  readonly now: number;
  readonly onRevoke: (key: KeyFragment) => void;
}): ReactNode {
  const [track, width] = useWidth<HTMLDivElement>();
  const lives = keys.map((key) => lifeOf(key, rotation, now));
  const instants = lives.flat().flatMap(({ from, to }) => [from, to].filter(Number.isFinite));
  const scale = timeScale(instants, now, width);
  return (
    <div className="timeline">
      <div className="timeline__axis">
        <div ref={track} className="timeline__track" aria-hidden="true">
          {width > 0 && <Axis scale={scale} />}
        </div>
      </div>
      <ul aria-label="Signing keys">
        {keys.map((key, index) => (
          <li key={key.kid} className="lane">
            <div className="lane__name">
              <Serial id={key.kid} />
              <span className="lane__facts">
                <Badge tone={STATES[key.state].tone}>{STATES[key.state].name}</Badge>
                <span className="lane__algorithm">{algorithmName(key.algorithm)}</span>
              </span>
            </div>
            <div className="timeline__track">
              {width > 0 && (
                <Lane
                  scale={scale}
                  now={now}
                  pieces={lives[index] ?? []}
                  label={lifeInWords(key, rotation)}
                />
              )}
            </div>
            <div className="lane__stub">
              {key.state !== 'REVOKED' && (
                <Button tone="quiet" aria-label={`Revoke ${shortKid(key.kid)}`} onClick={() => onRevoke(key)}>
                  Revoke
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Axis({ scale }: { readonly scale: TimeScale }): ReactNode {
  return (
    <svg width={scale.width} height={28} aria-hidden="true">
      {scale.ticks.map(({ x, label }) => (
        <g key={label} className={label === 'now' ? 'tick-now' : 'tick-mark'}>
          <text x={x} y={16} textAnchor="middle">
            {label}
          </text>
          <path d={`M${x} 22V28`} />
        </g>
      ))}
    </svg>
  );
}

function Lane({
  scale,
  now,
  pieces,
  label,
}: {
  readonly scale: TimeScale;
  readonly now: number;
  readonly pieces: readonly Piece[];
  readonly label: string;
}): ReactNode {
  const top = (LANE - BAR) / 2;
  const revoked = pieces.find(({ phase }) => phase === 'revoked');
  const gone = pieces.find(({ phase, isExpected }) => phase === 'retired' && isExpected);
  return (
    <svg width={scale.width} height={LANE} role="img" aria-label={label}>
      {scale.ticks.map(({ x, label: name }) => (
        <path key={name} className={name === 'now' ? 'lane__now' : 'lane__grid'} d={`M${x} 0V${LANE}`} />
      ))}
      {pieces
        .filter(({ from, to }) => to > from)
        .map(({ phase, from, to, isExpected }) => {
          const x = scale.x(from);
          const bar = { phase, isExpected, x, y: top, width: scale.x(to) - x, height: BAR };
          return <PhaseBar key={`${phase}${isExpected}`} {...bar} />;
        })}
      <path className="lane__now" d={`M${scale.x(now)} 0V${LANE}`} />
      {gone && <path className="lane__end" d={`M${scale.x(gone.to)} ${top - 4}V${top + BAR + 4}`} />}
      {revoked && <path className="lane__cross" d={cross(scale.x(revoked.from), LANE / 2)} />}
    </svg>
  );
}

function cross(x: number, y: number): string {
  return `M${x - 5} ${y - 5}l10 10M${x + 5} ${y - 5}l-10 10`;
}
