/** A chart on a sheet of its own, with what its lines are called and are now, and the same as a table on demand. */

import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../kit/index.js';

export interface Key {
  readonly name: string;
  /** How it is drawn. */
  readonly swatch: ReactNode;
  readonly value: string;
}

export function ChartCard({
  title,
  lead,
  keys,
  table,
  children,
}: {
  readonly title: string;
  readonly lead: ReactNode;
  readonly keys: readonly Key[];
  readonly table: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const [isTable, setTable] = useState(false);
  const heading = useId();
  return (
    <section className="chart" aria-labelledby={heading}>
      <header className="chart__header">
        <div>
          <h2 id={heading}>{title}</h2>
          <p className="aside">{lead}</p>
        </div>
        <Button
          tone="quiet"
          aria-pressed={isTable}
          onClick={() => setTable(!isTable)}
          aria-label={`${title} as a table`}
        >
          Table
        </Button>
      </header>
      <ul className="chart__keys" aria-label={`${title}: now`}>
        {keys.map(({ name, swatch, value }) => (
          <li key={name}>
            {swatch}
            <span>{name}</span>
            <strong>{value}</strong>
          </li>
        ))}
      </ul>
      {isTable ? table : children}
    </section>
  );
}

/** A line as it is drawn. */
export function LineSwatch({ className }: { readonly className: string }): ReactNode {
  return (
    <svg width={26} height={12} aria-hidden="true">
      <g className={`line ${className}`}>
        <path d="M1 6H25" />
      </g>
    </svg>
  );
}
