/** The frame of a chart over the last minutes: its axes with their units, and what is drawn between them. */

import type { ReactNode } from 'react';
import type { Scale } from './chart-scales.js';
import { WINDOW_MS } from './figures-history.js';
import { useWidth } from './use-width.js';

const HEIGHT = 190;
const EDGE = { left: 50, right: 14, top: 24, bottom: 26 };
const MINUTES = [5, 4, 3, 2, 1, 0];

/** From a time and a share of the height to pixels. */
export interface Area {
  x(at: number): number;
  y(share: number): number;
  readonly width: number;
}

export function Plot({
  label,
  unit,
  scale,
  now,
  since,
  children,
}: {
  /** All that the drawing says, in words. */
  readonly label: string;
  /** What is counted, and how the axis runs. */
  readonly unit: string;
  readonly scale: Scale;
  /** The right edge. */
  readonly now: number;
  /** From when on anything is known: before it the chart is not empty but unknown. */
  readonly since: number;
  readonly children: (area: Area) => ReactNode;
}): ReactNode {
  const [box, width] = useWidth<HTMLDivElement>();
  const inner = { width: width - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };
  const area: Area = {
    x: (at) => EDGE.left + (1 - (now - at) / WINDOW_MS) * inner.width,
    y: (share) => EDGE.top + (1 - share) * inner.height,
    width: inner.width,
  };
  const foot = EDGE.top + inner.height;
  return (
    <div ref={box} className="plot">
      {width > 0 && (
        <svg width={width} height={HEIGHT} role="img" aria-label={label}>
          <Unknown from={EDGE.left} to={area.x(since)} top={EDGE.top} height={inner.height} />
          <text className="plot__unit" x={0} y={11}>
            {unit}
          </text>
          {scale.ticks.map((tick) => (
            <g key={tick.label}>
              <path className="plot__grid" d={`M${EDGE.left} ${area.y(tick.share)}h${inner.width}`} />
              <text className="plot__tick" x={EDGE.left - 8} y={area.y(tick.share) + 4} textAnchor="end">
                {tick.label}
              </text>
            </g>
          ))}
          <path className="plot__axis" d={`M${EDGE.left} ${foot}h${inner.width}`} />
          {MINUTES.map((minute) => {
            const x = area.x(now - minute * 60_000);
            return (
              <g key={minute}>
                <path className="plot__axis" d={`M${x} ${foot}v4`} />
                <text className="plot__tick" x={x} y={foot + 18} textAnchor={minute === 0 ? 'end' : 'middle'}>
                  {minute === 0 ? 'now' : `−${minute} min`}
                </text>
              </g>
            );
          })}
          {children(area)}
        </svg>
      )}
    </div>
  );
}

/** Wide enough to be read in. */
const SPACE_FOR_WORDS = 150;

function Unknown({
  from,
  to,
  top,
  height,
}: {
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly height: number;
}): ReactNode {
  if (to - from < 1) return null;
  return (
    <g className="plot__unknown">
      <rect x={from} y={top} width={to - from} height={height} />
      {to - from > SPACE_FOR_WORDS && (
        <text x={(from + to) / 2} y={top + height / 2 + 4} textAnchor="middle">
          not watched yet
        </text>
      )}
    </g>
  );
}

export interface Line {
  readonly name: string;
  readonly className: string;
  /** Null where nothing is known; the line is broken there. */
  readonly points: readonly (readonly [at: number, value: number] | null)[];
}

/** A value that holds until the next is known, with a dot at the newest. */
export function Lines({
  lines,
  area,
  scale,
}: {
  readonly lines: readonly Line[];
  readonly area: Area;
  readonly scale: Scale;
}): ReactNode {
  return lines.map(({ name, className, points }) => {
    const last = points.at(-1);
    return (
      <g key={name} className={`line ${className}`}>
        <path d={steps(points, area, scale)} />
        {last && <circle cx={area.x(last[0])} cy={area.y(scale.share(last[1]))} r={3} />}
      </g>
    );
  });
}

function steps(points: Line['points'], area: Area, scale: Scale): string {
  let path = '';
  let isBroken = true;
  for (const point of points) {
    if (point !== null) {
      const [x, y] = [area.x(point[0]).toFixed(1), area.y(scale.share(point[1])).toFixed(1)];
      path += isBroken ? `M${x} ${y}` : `H${x}V${y}`;
    }
    isBroken = point === null;
  }
  return path;
}
