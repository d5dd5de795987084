/**
 * Draws a reading's figure as SVG, without a browser. The reading says what is drawn over what; here is how it looks:
 * width, type, colours, shapes and the legend, which Observable Plot would make of HTML.
 */

import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { MODELS, type Model } from '../harness/observation.js';
import type { Figure } from '../harness/reading.js';
import { MODEL_SHAPES, OTHER_COLOURS, OTHER_SHAPES, palette } from './colours.js';
import { escaped } from './escape.js';
import { type Entry, legend } from './legend.js';

/** The same picture twice: inside a page that has the palette, and as a file of its own. */
export interface Drawing {
  readonly name: string;
  readonly inline: string;
  readonly file: string;
}

const WIDTH = 720;
const HEIGHT = 380;
const MARGINS = { marginTop: 32, marginRight: 28, marginBottom: 48, marginLeft: 68 };
const FONT = "13px system-ui,-apple-system,'Segoe UI',sans-serif";

interface Scale {
  readonly domain: readonly unknown[];
  readonly range?: readonly unknown[];
}
/** What of a drawn plot is used here; the library's own types want a browser's. */
interface Drawn {
  readonly tagName: string;
  readonly outerHTML: string;
  innerHTML: string;
  scale(name: string): Scale | undefined;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  querySelector(selector: string): Drawn | null;
  querySelectorAll(selector: string): Iterable<Drawn>;
  remove(): void;
}

export function draw(figure: Figure): Drawing {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const className = `plot-${figure.name}`;
  const plot = (colours: object) =>
    Plot.plot({
      ...MARGINS,
      height: HEIGHT,
      ...figure.plot,
      ...colours,
      title: undefined,
      subtitle: undefined,
      caption: undefined,
      width: WIDTH,
      className,
      document,
    } as unknown as Plot.PlotOptions) as unknown as Drawn;

  // Once to see which names are coloured, and again with their colours.
  const plain = plot({ color: { ...options(figure, 'color'), legend: false } });
  const names = namesOf(plain.scale('color'));
  const shaped = namesOf(plain.scale('symbol'));
  const entries = entriesOf(names ?? []);
  const shapes = shaped?.every((name) => names?.includes(name)) === true ? entries : entriesOf(shaped ?? []);
  const drawn = plot({
    ...(names === null
      ? {}
      : {
          color: {
            ...options(figure, 'color'),
            domain: entries.map(({ name }) => name),
            range: entries.map(({ colour }) => `var(${colour})`),
            legend: false,
          },
        }),
    ...(shaped === null
      ? {}
      : {
          symbol: {
            domain: shapes.map(({ name }) => name),
            range: shapes.map(({ shape }) => shape),
            legend: false,
          },
        }),
  });
  return finish(figure, drawn, entries, shaped !== null);
}

function options({ plot }: Figure, name: string): object {
  return (plot[name] as object | undefined) ?? {};
}

/** The names of a scale of names, in their order; null for none, and for a scale of numbers. */
function namesOf(scale: Scale | undefined): readonly string[] | null {
  const names = scale?.domain ?? [];
  return names.length > 0 && names.every((name) => typeof name === 'string') ? names : null;
}

/** Models first and in their order, which a plot's data may not have. */
function entriesOf(names: readonly string[]): Entry[] {
  const isModel = (name: string): name is Model => (MODELS as readonly string[]).includes(name);
  const models = MODELS.filter((model) => names.includes(model)).map((name) => ({
    name,
    colour: `--${name}`,
    shape: MODEL_SHAPES[name],
  }));
  const others = names
    .filter((name) => !isModel(name))
    .map((name, index) => ({
      name,
      colour: OTHER_COLOURS[index % OTHER_COLOURS.length] ?? '--ink',
      shape: OTHER_SHAPES[index % OTHER_SHAPES.length] ?? 'circle',
    }));
  return [...models, ...others];
}

function finish(figure: Figure, drawn: Drawn, entries: readonly Entry[], shaped: boolean): Drawing {
  // A colour scale that the library explains by itself puts the picture into a <figure>.
  const svg = drawn.tagName.toLowerCase() === 'svg' ? drawn : drawn.querySelector('svg');
  if (svg === null) throw new Error(`${figure.name} is no picture`);
  const { name, title, description } = figure;
  svg.querySelector('style')?.remove();
  roundOff(svg);
  const height = Number(svg.getAttribute('height'));
  const left = Number(figure.plot['marginLeft'] ?? MARGINS.marginLeft);
  const key = legend(entries, shaped, left, WIDTH);
  const body = svg.innerHTML.replaceAll(/plot-clip-(\d+)/g, `${name}-clip-$1`);
  const size = `viewBox="0 ${-key.height} ${WIDTH} ${height + key.height}" width="${WIDTH}" height="${height + key.height}"`;
  const text = `<title id="${name}-title">${escaped(title)}</title><desc id="${name}-desc">${escaped(description)}</desc>`;
  const look = `fill="currentColor" text-anchor="middle" style="font:${FONT}"`;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" class="plot plot-${name}" role="img" aria-labelledby="${name}-title ${name}-desc" ${size} ${look}>`;
  const own = `<style>${palette('svg')}
svg{color:var(--ink);--plot-background:var(--paper)}text,tspan{white-space:pre}</style><rect x="0" y="${-key.height}" width="100%" height="100%" rx="6" fill="var(--paper)" />`;
  return {
    name,
    inline: `${open}${text}${key.svg}${body}</svg>`,
    file: `${open}${text}${own}${key.svg}${body}</svg>\n`,
  };
}

const GEOMETRY = ['d', 'transform', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'width', 'height'];

/** Two decimals are finer than any screen, and the last digits of a sine differ between machines. */
function roundOff(svg: Drawn): void {
  for (const element of svg.querySelectorAll('*')) {
    for (const attribute of GEOMETRY) {
      const value = element.getAttribute(attribute);
      if (value === null) continue;
      const rounded = value.replaceAll(/-?\d+\.\d+(e-?\d+)?/g, (number) =>
        String(Number(Number(number).toFixed(2)) + 0),
      );
      element.setAttribute(attribute, rounded);
    }
  }
}
