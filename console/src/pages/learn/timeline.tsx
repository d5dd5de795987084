/** What has happened so far, the newest on top, each with its verdict and the reason. */

import type { ReactNode } from 'react';
import { deed, outcome } from './narration.js';
import type { Step } from './play.js';
import type { VerdictKind } from './rotation-table.js';
import { length } from './times.js';
import { VerdictMark } from './verdict-mark.js';

export function Timeline({ steps }: { readonly steps: readonly Step[] }): ReactNode {
  return (
    <section className="moments" aria-label="What has happened">
      <h3 className="moments__title">What has happened</h3>
      {steps.length === 0 ? (
        <p className="moments__empty">
          The owner has just signed in and holds token 0. Pick a story above, or press what you like.
        </p>
      ) : (
        <ol className="moments__list" reversed>
          {steps.toReversed().map((step) => (
            <TimelineStep key={step.number} step={step} />
          ))}
        </ol>
      )}
    </section>
  );
}

function TimelineStep({ step }: { readonly step: Step }): ReactNode {
  const verdict: VerdictKind | null = step.kind === 'refresh' ? step.verdict.kind : null;
  return (
    <li className={`moment moment--${verdict ?? 'event'}`} data-verdict={verdict ?? undefined}>
      <span className="moment__time">{length(step.at)}</span>
      <div className="moment__body">
        <p>{deed(step)}</p>
        {step.kind === 'refresh' && (
          <>
            <p className="moment__outcome">
              <VerdictMark kind={step.verdict.kind} /> {outcome(step)?.replace(/^\w+: /, '')}
            </p>
            <p className="moment__why">
              <code>{step.row.when}</code> {step.row.why}
            </p>
          </>
        )}
      </div>
    </li>
  );
}
