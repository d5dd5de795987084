/** Observable Plot without a browser: options in, a picture out, and no warning painted into it. */

import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

export interface Scale {
  readonly domain: readonly unknown[];
  readonly range?: readonly unknown[];
}

/** What of a drawn plot is used here; the library's own types want a browser's. */
export interface Drawn {
  readonly tagName: string;
  readonly textContent: string | null;
  readonly innerHTML: string;
  scale(name: string): Scale | undefined;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  querySelector(selector: string): Drawn | null;
  querySelectorAll(selector: string): Iterable<Drawn>;
  remove(): void;
}

/** Few rounds of few models have about as many names as points, and that is no mistake. */
const HARMLESS = /implicit z channel has high cardinality/;

export function plotted(options: Readonly<Record<string, unknown>>): Drawn {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const { warn } = console;
  console.warn = (text: unknown) => {
    if (!HARMLESS.test(String(text))) warn(`${options['className']}: ${text}`);
  };
  try {
    return Plot.plot({ ...options, document } as unknown as Plot.PlotOptions) as unknown as Drawn;
  } finally {
    console.warn = warn;
  }
}

/** The picture itself: a scale that the library explains by itself puts it into a `<figure>`. */
export function pictureOf(drawn: Drawn): Drawn {
  const svg = drawn.tagName.toLowerCase() === 'svg' ? drawn : drawn.querySelector('svg[class]');
  if (svg === null) throw new Error('There is no picture in what was drawn.');
  svg.querySelector('style')?.remove();
  for (const text of svg.querySelectorAll('text')) if (text.textContent?.startsWith('\u26a0')) text.remove();
  roundOff(svg);
  return svg;
}

const GEOMETRY = ['d', 'transform', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'width', 'height'];

/** Two decimals are finer than any screen, and the last digits of a logarithm differ between machines. */
function roundOff(svg: Drawn): void {
  for (const element of svg.querySelectorAll('*')) {
    for (const attribute of GEOMETRY) {
      const value = element.getAttribute(attribute);
      if (value !== null) element.setAttribute(attribute, value.replaceAll(/-?\d+\.\d+(e-?\d+)?/g, rounded));
    }
  }
}

function rounded(number: string): string {
  return String(Number(Number(number).toFixed(2)) + 0);
}
