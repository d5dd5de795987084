/** The whole table that decides, with the row that the last refresh fell into. */

import type { ReactNode } from 'react';
import { TABLE, type TableRow } from './rotation-table.js';
import { VerdictMark } from './verdict-mark.js';

export function VerdictTable({ matched }: { readonly matched: TableRow['id'] | null }): ReactNode {
  return (
    <figure className="verdicts">
      <figcaption className="verdicts__caption">
        The whole table. <code>p</code> is the generation of the token shown, <code>g</code> the row’s; the
        first line that fits decides.
      </figcaption>
      <ol className="verdicts__list">
        {TABLE.map(({ id, when, verdict, effect }) => (
          <li
            key={id}
            className={`verdicts__row ${id === matched ? 'verdicts__row--matched' : ''}`}
            aria-current={id === matched || undefined}
          >
            <span className="verdicts__when">{when}</span>
            <VerdictMark kind={verdict} />
            <span className="verdicts__effect">
              {effect}
              {id === matched && <span className="verdicts__here">the last refresh</span>}
            </span>
          </li>
        ))}
      </ol>
    </figure>
  );
}
