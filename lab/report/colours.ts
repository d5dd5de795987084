/**
 * One colour and one shape for each model, the same in all plots, and colours for everything else. They can be told
 * apart with any colour vision; a shape says the same again. Custom properties, so that a plot follows the page, or as
 * a file of its own the reader's system, from light to dark.
 */

import type { Model } from '../harness/observation.js';

interface Shades {
  readonly light: string;
  readonly dark: string;
}

export const MODEL_SHAPES: Readonly<Record<Model, string>> = {
  stateful: 'square',
  stateless: 'triangle',
  hybrid: 'circle',
};

/** For names that are no models, in this order. */
export const OTHER_SHAPES = ['diamond', 'star', 'wye', 'cross', 'square', 'triangle', 'circle'] as const;
export const OTHER_COLOURS = [
  '--other-1',
  '--other-2',
  '--other-3',
  '--other-4',
  '--other-5',
  '--other-6',
] as const;

/** The models have blue, vermilion and green of Okabe and Ito, darker on white and lighter on black. */
const COLOURS: Readonly<Record<string, Shades>> = {
  '--paper': { light: '#ffffff', dark: '#11161b' },
  '--ink': { light: '#1c2127', dark: '#e4e9ee' },
  '--soft': { light: '#57616c', dark: '#9ba7b4' },
  '--line': { light: '#d9dfe5', dark: '#2e3740' },
  '--tint': { light: '#f4f6f8', dark: '#191f26' },
  '--link': { light: '#005f9e', dark: '#6cb6ff' },
  '--stateful': { light: '#0072b2', dark: '#56b4e9' },
  '--stateless': { light: '#d55e00', dark: '#ff9248' },
  '--hybrid': { light: '#00875f', dark: '#2fcf9c' },
  '--other-1': { light: '#7b519d', dark: '#c4a0e6' },
  '--other-2': { light: '#a87900', dark: '#e3b93c' },
  '--other-3': { light: '#b8467a', dark: '#f28fb8' },
  '--other-4': { light: '#4d6478', dark: '#9fb4c7' },
  '--other-5': { light: '#8a5a35', dark: '#d0a27d' },
  '--other-6': { light: '#3d8a96', dark: '#7fd1dc' },
  '--holds': { light: '#1a7f37', dark: '#4ac26b' },
  '--fails': { light: '#b42318', dark: '#ff8a7a' },
  '--depends': { light: '#8a6100', dark: '#e0b040' },
};

/** The custom properties for an element, which is the root of a page or of an image. */
export function palette(selector: string): string {
  const list = (shade: keyof Shades) =>
    Object.entries(COLOURS)
      .map(([name, shades]) => `${name}:${shades[shade]}`)
      .join(';');
  return `${selector}{color-scheme:light dark;${list('light')}}
@media (prefers-color-scheme:dark){${selector}{${list('dark')}}}`;
}
