/** The first letters of a name, as a stamp: so that the eye finds a person again. It says nothing that the name does not. */

import type { ReactNode } from 'react';

export function Monogram({
  name,
  isFaded = false,
}: {
  readonly name: string;
  readonly isFaded?: boolean;
}): ReactNode {
  const [first = '', ...rest] = name.trim().split(/[\s._-]+/);
  const letters = [first, rest.at(-1) ?? ''].map((word) => [...word][0] ?? '').join('');
  return (
    <span className={`monogram ${isFaded ? 'monogram--faded' : ''}`} aria-hidden="true">
      {letters.toUpperCase() || '·'}
    </span>
  );
}
