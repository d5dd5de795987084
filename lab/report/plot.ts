/**
 * Draws a reading's figure as SVG. The reading says what is drawn over what; here is how it looks: width, type, colours,
 * shapes and the legend, which Observable Plot would make of HTML.
 */

import { MODELS, type Model } from '../harness/observation.js';
import type { Figure } from '../harness/reading.js';
import { MODEL_SHAPES, OTHER_COLOURS, OTHER_SHAPES, palette } from './colours.js';
import { escaped } from './escape.js';
import { type Entry, legend } from './legend.js';
import { pictureOf, plotted, type Scale } from './observable.js';

/** The same picture twice: inside a page that has the palette, and as a file of its own. */
export interface Drawing {
  readonly name: string;
  readonly inline: string;
  readonly file: string;
}

const WIDTH = 720;
const HEIGHT = 380;
/** Around a plot that is a file of its own, whose background may not be that of the page. */
const PAD = 12;
const MARGINS = { marginTop: 32, marginRight: 28, marginBottom: 48, marginLeft: 68 };
const LOOK = `fill="currentColor" text-anchor="middle" style="font:13px system-ui,-apple-system,'Segoe UI',sans-serif"`;

export function draw(figure: Figure): Drawing {
  const { name } = figure;
  // Titles and legends are the report's: the library would make HTML of them.
  const base = { ...MARGINS, height: HEIGHT, ...figure.plot, width: WIDTH, className: `plot-${name}` };
  const silent = { title: undefined, subtitle: undefined, caption: undefined };
  const color = { ...(base as { color?: object }).color, legend: false };
  const symbol = { ...(base as { symbol?: object }).symbol, legend: false };
  const plot = (scales: object) => plotted({ ...base, ...silent, ...scales });

  // Once to see which names there are, and again with their colours and shapes.
  const plain = plot({ color, symbol });
  const coloured = namesOf(plain.scale('color'));
  const shaped = namesOf(plain.scale('symbol'));
  const entries = entriesOf(coloured);
  const shapes = shaped.every((each) => coloured.includes(each)) ? entries : entriesOf(shaped);
  const drawn = plot({
    color:
      coloured.length === 0 ? color : { ...color, ...scaleOf(entries, ({ colour }) => `var(${colour})`) },
    symbol: shaped.length === 0 ? symbol : { ...symbol, ...scaleOf(shapes, ({ shape }) => shape) },
  });

  const svg = pictureOf(drawn);
  const key = legend(entries, shaped.length > 0, WIDTH);
  const body = key.svg + svg.innerHTML.replaceAll(/plot-clip-\d+/g, clipsOf(name));
  return wrapped(figure, body, Number(svg.getAttribute('height')), key.height);
}

/** The names of a scale of names; none for a scale of numbers, or where there is no scale. */
function namesOf(scale: Scale | undefined): string[] {
  const names = scale?.domain ?? [];
  return names.filter((name) => typeof name === 'string');
}

/** Models first and in their order, which a plot's data may not have. */
function entriesOf(names: readonly string[]): Entry[] {
  const models: Entry[] = MODELS.filter((model) => names.includes(model)).map((name) => ({
    name,
    colour: `--${name}`,
    shape: MODEL_SHAPES[name],
  }));
  const others = names.filter((name) => !MODELS.includes(name as Model));
  return models.concat(
    others.map((name, index) => ({
      name,
      colour: OTHER_COLOURS[index % OTHER_COLOURS.length] ?? '--ink',
      shape: OTHER_SHAPES[index % OTHER_SHAPES.length] ?? 'circle',
    })),
  );
}

function scaleOf(entries: readonly Entry[], of: (entry: Entry) => string): object {
  return { domain: entries.map(({ name }) => name), range: entries.map(of) };
}

/** Clips are numbered by the library through its whole life; here from 1, and apart from those of other plots. */
function clipsOf(name: string): (clip: string) => string {
  const seen: string[] = [];
  return (clip) => {
    if (!seen.includes(clip)) seen.push(clip);
    return `${name}-clip-${seen.indexOf(clip) + 1}`;
  };
}

function wrapped({ name, title, description }: Figure, body: string, height: number, above: number): Drawing {
  const open = (pad: number) => {
    const [width, tall] = [WIDTH + 2 * pad, height + above + 2 * pad];
    return `<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" aria-labelledby="${name}-title ${name}-desc" viewBox="${-pad} ${-above - pad} ${width} ${tall}" width="${width}" height="${tall}" ${LOOK}>`;
  };
  const said = `<title id="${name}-title">${escaped(title)}</title><desc id="${name}-desc">${escaped(description)}</desc>`;
  const own = `<style>${palette('svg')}
svg{color:var(--ink);--plot-background:var(--paper)}text,tspan{white-space:pre}</style><rect x="${-PAD}" y="${-above - PAD}" width="100%" height="100%" rx="6" fill="var(--paper)" />`;
  return { name, inline: `${open(0)}${said}${body}</svg>`, file: `${open(PAD)}${said}${own}${body}</svg>\n` };
}
