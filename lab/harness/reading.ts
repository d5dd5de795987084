/**
 * What a reading is: the meaning of an experiment's figures. Pure, from the raw results alone, so that the report can be
 * made again without measuring again, and so that no verdict is written down that its figures do not give.
 */

import type { Model } from './observation.js';
import type { Results } from './results.js';

/** The last where the figures that would decide are missing. */
export type Verdict = 'holds' | 'fails' | 'depends' | 'not measured';

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  /** Cells are Markdown, on one line. */
  readonly rows: readonly (readonly string[])[];
}

export interface Figure {
  /** File name without extension, unique in the report. */
  readonly name: string;
  readonly title: string;
  /** What the plot shows, for whoever cannot see it. */
  readonly description: string;
  /**
   * Options for `Plot.plot` of @observablehq/plot. The report sets width, document, legend and colours: give a mark
   * `stroke: 'model'` (or `fill`) and dots `symbol: 'model'` as well, so that nobody has to tell models by colour alone;
   * other names than the models' are coloured in the order of `color.domain`. Label both axes with their units.
   */
  readonly plot: Readonly<Record<string, unknown>>;
}

/** One figure of each model, short enough for a cell: a row of the report's summary and of the README's comparison. */
export interface Comparison {
  /** What was measured, with its unit, such as `memory per signed-in user (bytes)`. Markdown. */
  readonly measured: string;
  readonly cells: Readonly<Record<Model, string>>;
}

export interface Findings {
  readonly verdict: Verdict;
  /** One or two sentences with the figures that decide, computed from the results. Markdown. */
  readonly because: string;
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
  /** The one or two figures by which someone would compare the models, the most telling first. */
  readonly comparison?: readonly Comparison[];
  /** What it means for someone who must choose, and where the hybrid model loses. Markdown. */
  readonly choose: string;
  /** What the experiment does not show. Markdown; empty where there is nothing to add. */
  readonly limits: string;
}

export interface Reading {
  /** The experiment whose results it reads. */
  readonly experiment: string;
  /** The claim in our words. Markdown. */
  readonly claim: string;
  /** How it was tried, in a few sentences. Markdown. */
  readonly method: string;
  read(results: Results): Findings;
}
