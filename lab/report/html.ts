/** The report as one page that asks for nothing else: no script, no address, every plot inside. */

import { Marked } from 'marked';
import { MODELS } from '../harness/observation.js';
import type { Table, Verdict } from '../harness/reading.js';
import { escaped } from './escape.js';
import { type Links, rebasedHtml } from './links.js';
import { promises } from './promises.js';
import { HOW_TO_READ, INTRODUCTION, PROMISES, provenance, REPEAT, TITLE } from './prose.js';
import type { Claim, Report } from './report.js';
import { STYLE } from './style.js';
import { alignments, comparisonOf } from './tables.js';

/** What looks like a tag is text: no reading writes HTML. */
const markdown = new Marked({ renderer: { html: ({ text }) => escaped(text) } });
const blocks = (text: string) => markdown.parse(text, { async: false });
const inline = (text: string) => markdown.parseInline(text, { async: false });

export function html(report: Report, links: Links): string {
  const comparison = comparisonOf(report);
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(TITLE)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(TITLE)}</h1>
<div class="lead">${blocks(INTRODUCTION)}</div>
<div class="provenance">${provenance(report).map(blocks).join('')}</div>
</header>
<main>
<section id="summary">
<h2>Summary</h2>
<ol class="summary">
${report.claims.map(entry).join('\n')}
</ol>
${comparison.rows.length === 0 ? '' : table(comparison)}
<div class="aside">${blocks(HOW_TO_READ)}</div>
</section>
<section id="promises">
<h2>What each model promises</h2>
${blocks(PROMISES)}
${table({ ...promises(), caption: '' })}
</section>
<section id="repeat">
<h2>How to repeat it</h2>
${blocks(REPEAT)}
</section>
${report.claims.map((claim, index) => section(claim, index + 1, links)).join('\n')}
</main>
</body>
</html>
`;
  return rebasedHtml(page, links.root);
}

function entry({ name, claim, findings }: Claim): string {
  return `<li><a href="#${name}">${inline(claim)}</a> ${verdict(findings.verdict)}<p>${inline(findings.because)}</p></li>`;
}

function section(claim: Claim, number: number, links: Links): string {
  const { name, title, findings, drawings, raw } = claim;
  const { tables, figures, choose, limits } = findings;
  const part = (heading: string, text: string) => (text === '' ? '' : `<h3>${heading}</h3>\n${blocks(text)}`);
  const source =
    raw === null
      ? ''
      : `<p class="source">Raw results: <a href="${links.results}/${name}.json">${name}.json</a></p>`;
  return `<section id="${name}">
<h2><span class="number">${number}</span> ${inline(title)}</h2>
<blockquote>${blocks(claim.claim)}</blockquote>
<div class="verdict-line">${verdict(findings.verdict)} <div>${blocks(findings.because)}</div></div>
${part('How it was tried', claim.method)}
${source}
${tables.map(table).join('\n')}
${figures
  .map(
    (figure, index) =>
      `<figure><figcaption>${inline(figure.title)}</figcaption><div class="scroll" tabindex="0" role="group" aria-label="${escaped(figure.title)}">${drawings[index]?.inline}</div></figure>`,
  )
  .join('\n')}
${part('If you must choose', choose)}
${part('What it does not show', limits)}
</section>`;
}

function verdict(is: Verdict): string {
  return `<strong class="verdict ${is.replace(' ', '-')}">${is}</strong>`;
}

function table(of: Table): string {
  const sides = alignments(of);
  const cell = (tag: string, text: string, column: number, scope = '') =>
    `<${tag}${sides[column] === 'right' ? ' class="right"' : ''}${scope}>${inline(text)}</${tag}>`;
  const head = of.head.map((text, column) => {
    const model = MODELS.find((name) => name === text);
    const named = model === undefined ? '' : `<i class="key" style="background:var(--${model})"></i>`;
    return cell('th', text, column, ' scope="col"').replace('scope="col">', `scope="col">${named}`);
  });
  const rows = of.rows.map(
    ([first = '', ...rest]) =>
      `<tr>${cell('th', first, 0, ' scope="row"')}${rest.map((text, index) => cell('td', text, index + 1)).join('')}</tr>`,
  );
  const caption = of.caption === '' ? '' : `<figcaption>${inline(of.caption)}</figcaption>`;
  return `<figure>${caption}<div class="scroll" tabindex="0" role="group" aria-label="${escaped(of.caption || 'Table')}"><table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div></figure>`;
}
