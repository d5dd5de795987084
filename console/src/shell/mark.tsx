/** The mark of Counterfoil: a ticket and its stub. */

import type { ReactNode } from 'react';

export function Mark({ size = 28 }: { readonly size?: number }): ReactNode {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        className="mark__paper"
        d="M4 6h24a2 2 0 0 1 2 2v5a3 3 0 0 0 0 6v5a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2v-5a3 3 0 0 0 0-6V8a2 2 0 0 1 2-2z"
      />
      <path className="mark__tear" d="M12 7v18" />
      <path className="mark__lines" d="M17 13h8M17 19h5" />
    </svg>
  );
}
