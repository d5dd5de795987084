/** The mark of Counterfoil: a ticket beside the stub that it was torn from. */

import type { ReactNode } from 'react';

export function Mark({ size = 28 }: { readonly size?: number }): ReactNode {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="mark__stub" d="M4.5 6.5H10v19H4.5A2.5 2.5 0 0 1 2 23V9a2.5 2.5 0 0 1 2.5-2.5z" />
      <path className="mark__tear" d="M11.75 6.5v19" />
      <path
        className="mark__paper"
        d="M13.5 6.5h14A2.5 2.5 0 0 1 30 9v3.8a3.2 3.2 0 0 0 0 6.4V23a2.5 2.5 0 0 1-2.5 2.5h-14z"
      />
      <path className="mark__lines" d="M17 13h5.5M17 18.5h3" />
    </svg>
  );
}
