/** Sentences that Markdown and HTML have in common. All are Markdown. */

import type { Provenance, Report } from './report.js';

export const TITLE = 'Stateful, stateless, hybrid: what was measured';

export const INTRODUCTION = `Much is said about sessions and tokens, and little of it is measured. Here are the claims that are heard most, each tried on one server that can do all three: it keeps **stateful** sessions and looks each request's up, or gives out **stateless** tokens and keeps nothing, or does both, which is **hybrid**: short-lived tokens, behind them a session that renews them. API, HTTP, database and code around them are the same, so what differs is the model.`;

export const HOW_TO_READ = `A figure is the median of its rounds, with the least and the greatest beside it or as a bar in the plot. Rounds of the models take turns, so that the noise of the machine falls on all of them. A verdict is computed from the figures: measured elsewhere, it may be another. **Holds** and **fails** are said of the claim, not of a model.`;

export const PROMISES = `This follows from the designs, and a test holds each line against the models themselves. It is the frame for the figures below.`;

export const REPEAT = `\`\`\`sh
npm ci
npm run lab                          # everything, some 35 minutes
npm run lab -- --quick               # everything, small, under two minutes
npm run lab -- --only NAME --again   # one experiment anew
npm run lab -- --report              # this report again, from the recorded figures
\`\`\``;

/** A paragraph per provenance; more than one is a warning. */
export function provenance({ provenances }: Report): string[] {
  const said = provenances.map((each) => describe(each, provenances.length > 1));
  if (provenances.length === 0) return ['Nothing has been measured.'];
  return provenances.length === 1
    ? said
    : ['**These figures are not of one run.** Compare only what stands in one of these lines:', ...said];
}

function describe(measured: Provenance, named: boolean): string {
  const { mode, commit, machine, experiments, from, to, minutes } = measured;
  const which = named ? `${experiments.join(', ')}: measured` : 'Measured';
  const when = from === to ? from : `${from} to ${to}`;
  const what =
    mode === 'full'
      ? ''
      : ' **A quick run: small sizes and one round, to see that everything works. No verdict below rests on enough.**';
  return `${which} on ${when} in ${minutes < 1 ? 'less than a minute' : `${Math.round(minutes)} minutes`}, of ${codeOf(commit)}, on ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.platform}, Node.js ${machine.node.replace(/^v/, '')}, SQLite ${machine.sqlite}.${what}`;
}

function codeOf(commit: string | null): string {
  if (commit === null) return 'code outside a repository';
  const short = `commit \`${commit.slice(0, 12)}\``;
  return commit.endsWith('+') ? `${short} with changes that are not committed` : short;
}
