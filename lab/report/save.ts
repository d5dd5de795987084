/** Writes the report: a page of HTML, a page of Markdown and the plots that the latter shows. */

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { html } from './html.js';
import type { Links } from './links.js';
import { markdown } from './markdown.js';
import type { Report } from './report.js';

export interface Places {
  /** Folder of raw results. */
  readonly results: string;
  readonly html: string;
  readonly markdown: string;
  /** Folder of nothing but plots: what is in it from before goes. */
  readonly plots: string;
}

/** The published report, from full results. */
export function published(root: string): Places {
  return {
    results: join(root, 'lab/results'),
    html: join(root, 'lab/report.html'),
    markdown: join(root, 'docs/research.md'),
    plots: join(root, 'lab/plots'),
  };
}

/** A report beside the results that it is of. */
export function beside(results: string): Places {
  return {
    results,
    html: join(results, 'report.html'),
    markdown: join(results, 'research.md'),
    plots: join(results, 'plots'),
  };
}

/** `root` is that of the repository. */
export function save(report: Report, root: string, places: Places): void {
  const { plots } = places;
  for (const folder of [plots, dirname(places.html), dirname(places.markdown)])
    mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(plots)) if (name.endsWith('.svg')) rmSync(join(plots, name));
  for (const { name, file } of report.claims.flatMap(({ drawings }) => drawings))
    writeFileSync(join(plots, `${name}.svg`), file);
  writeFileSync(places.markdown, markdown(report, linksFrom(dirname(places.markdown), root, places)));
  writeFileSync(places.html, html(report, linksFrom(dirname(places.html), root, places)));
}

function linksFrom(page: string, root: string, { plots, results }: Places): Links {
  const link = (to: string) => {
    const path = relative(page, to).split(sep).join('/');
    if (path === '') return '.';
    return path.startsWith('.') ? path : `./${path}`;
  };
  return { root: link(root), plots: link(plots), results: link(results) };
}
