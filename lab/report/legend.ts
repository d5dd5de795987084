/** The legend of a plot, as SVG above it: a shape and a name for each colour. */

import { escaped } from './escape.js';

export interface Entry {
  readonly name: string;
  /** A custom property. */
  readonly colour: string;
  readonly shape: string;
}

const LINE_HEIGHT = 24;
const CHARACTER_WIDTH = 7.3;
const MARK_WIDTH = 18;
/** Where labels of the vertical axis begin, too. */
const LEFT = 6;
const GAP = 22;
/** Between the legend and the label of the axis. */
const SPACE = 8;

/** Drawn from y = -height to y = 0. Empty where there is nothing to tell apart. */
export function legend(
  entries: readonly Entry[],
  shaped: boolean,
  width: number,
): { readonly svg: string; readonly height: number } {
  if (entries.length < 2) return { svg: '', height: 0 };
  let [x, line] = [LEFT, 0];
  const placed = entries.map((entry) => {
    const wide = MARK_WIDTH + entry.name.length * CHARACTER_WIDTH;
    if (x > LEFT && x + wide > width) {
      x = LEFT;
      line += 1;
    }
    const at = { entry, x, line };
    x += wide + GAP;
    return at;
  });
  const height = (line + 1) * LINE_HEIGHT + SPACE;
  const items = placed.map(({ entry: { name, colour, shape }, x, line }) => {
    const y = -height + line * LINE_HEIGHT + LINE_HEIGHT / 2;
    const mark = `<path transform="translate(${Math.round(x + 6)},${y})" fill="var(${colour})" d="${PATHS[shaped ? shape : 'bar'] ?? PATHS['bar']}" />`;
    return `${mark}<text x="${Math.round(x + MARK_WIDTH)}" y="${y}" dy="0.33em" text-anchor="start">${escaped(name)}</text>`;
  });
  return { svg: `<g aria-label="legend">${items.join('')}</g>`, height };
}

/** As Plot draws them, about ten units wide. */
const PATHS: Readonly<Record<string, string>> = {
  bar: 'M-6,-6H6V6H-6Z',
  circle: 'M5.2,0A5.2,5.2,0,1,1,-5.2,0A5.2,5.2,0,1,1,5.2,0',
  square: 'M-4.6,-4.6H4.6V4.6H-4.6Z',
  triangle: 'M0,-6.1L5.3,3.1H-5.3Z',
  diamond: 'M0,-7.2L4.2,0L0,7.2L-4.2,0Z',
  star: 'M0,-7L1.6,-2.2H6.7L2.5,0.8L4.1,5.7L0,2.7L-4.1,5.7L-2.5,0.8L-6.7,-2.2H-1.6Z',
  wye: 'M2.6,1.5V6.6H-2.6V1.5L-7,-1.1L-4.4,-5.6L0,-3L4.4,-5.6L7,-1.1Z',
  cross: 'M-6,-2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z',
};
