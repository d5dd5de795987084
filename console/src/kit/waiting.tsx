/** What is shown while something is on its way. */

import type { ReactNode } from 'react';

/** A turning mark beside words that say what is waited for. */
export function Spinner(): ReactNode {
  return <span className="spinner" aria-hidden="true" />;
}

/** The shape of rows that are about to come; `label` says it to screen readers. */
export function Skeleton({
  rows = 3,
  label = 'Loading',
}: {
  readonly rows?: number;
  readonly label?: string;
}): ReactNode {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same, and none of them moves.
        <span key={index} className="skeleton__row" aria-hidden="true" />
      ))}
    </div>
  );
}
