/** The report as Markdown, for whoever reads the repository. Plots are files beside it. */

import type { Table } from '../harness/reading.js';
import { type Links, rebased } from './links.js';
import { promises } from './promises.js';
import { HOW_TO_READ, INTRODUCTION, PROMISES, provenance, REPEAT, TITLE } from './prose.js';
import type { Claim, Report } from './report.js';
import { alignments, comparisonOf } from './tables.js';

export function markdown(report: Report, links: Links): string {
  const comparison = comparisonOf(report);
  const page = [
    `# ${TITLE}`,
    '<!-- Made by `npm run lab -- --report`. Changes are lost: change a reading instead. -->',
    INTRODUCTION,
    ...provenance(report),
    '## Summary',
    table({
      caption: '',
      head: ['', 'claim', 'verdict', 'because'],
      rows: report.claims.map(({ title, claim, findings }, index) => [
        String(index + 1),
        `[${claim}](#${anchor(`${index + 1}. ${title}`)})`,
        `**${findings.verdict}**`,
        findings.because,
      ]),
    }),
    ...(comparison.rows.length === 0 ? [] : [table(comparison)]),
    HOW_TO_READ,
    '## What each model promises',
    PROMISES,
    table({ ...promises(), caption: '' }),
    '## How to repeat it',
    REPEAT,
    ...report.claims.flatMap((claim, index) => section(claim, index + 1, links)),
  ].join('\n\n');
  return `${rebased(page, links.root)}\n`;
}

function section(claim: Claim, number: number, { plots, results }: Links): string[] {
  const { name, title, findings, drawings, raw } = claim;
  const { verdict, because, tables, figures, choose, limits } = findings;
  const measured = raw === null ? '' : ` Raw results: [${name}.json](${results}/${name}.json).`;
  return [
    `## ${number}. ${title}`,
    `> ${claim.claim}`,
    `**Verdict: ${verdict}.** ${because}`,
    `**How it was tried.** ${claim.method}${measured}`,
    ...tables.map(table),
    ...figures.flatMap((figure, index) => [
      `**${figure.title}**`,
      `![${plain(figure.description)}](${plots}/${drawings[index]?.name}.svg)`,
    ]),
    ...(choose === '' ? [] : [`**If you must choose.** ${choose}`]),
    ...(limits === '' ? [] : [`**What it does not show.** ${limits}`]),
  ];
}

export function table(of: Table): string {
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  const rule = alignments(of).map((side) => (side === 'right' ? '---:' : '---'));
  return [
    ...(of.caption === '' ? [] : [`*${of.caption}*`, '']),
    row(of.head),
    `| ${rule.join(' | ')} |`,
    ...of.rows.map(row),
  ].join('\n');
}

/** As GitHub makes one of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}

/** Within the brackets of an image. */
function plain(text: string): string {
  return text.replaceAll(/[[\]`*]/g, '').replaceAll('\n', ' ');
}
