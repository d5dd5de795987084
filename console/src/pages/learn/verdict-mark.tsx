/** A verdict as a word with a shape and a colour of its own. */

import type { ReactNode } from 'react';
import type { VerdictKind } from './rotation-table.js';

const PATHS: Readonly<Record<VerdictKind, string>> = {
  // Onwards, the same again, apart, stopped, and unreadable.
  rotate: 'M2 7h9M8 3.5 11.5 7 8 10.5',
  replay: 'M11 9.5A4.5 4.5 0 1 1 11.2 5M11.5 2v3.3H8.2',
  reuse: 'M3 3l8 8M11 3l-8 8',
  ended: 'M3.5 3.5h7v7h-7z',
  invalid: 'M5 5.2a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1M7 10.6v.1',
};

export function VerdictMark({ kind }: { readonly kind: VerdictKind }): ReactNode {
  return (
    <span className={`verdict verdict--${kind}`}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
        <path d={PATHS[kind]} />
      </svg>
      {kind}
    </span>
  );
}
