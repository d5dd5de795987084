/** The frame of a page: its heading, sections, lists and tables, and what stands where there is nothing. */

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { hasMoved } from '../router/router.js';
import { Button } from './button.js';
import { Icon, type IconName } from './icon.js';

/** The heading of a page. It names the window, and takes the focus when somebody comes from another page. */
export function PageHeader({
  title,
  lead,
  actions,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
}): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Counterfoil`;
  }, [title]);
  useEffect(() => {
    if (hasMoved()) heading.current?.focus();
  }, []);
  return (
    <header className="page-header">
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p className="page-header__lead">{lead}</p>}
      </div>
      {actions && <div className="page-header__actions">{actions}</div>}
    </header>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  lead,
  actions,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const heading = useId();
  return (
    <section className="section" aria-labelledby={heading}>
      <header className="section__header">
        <div>
          <h2 id={heading}>{title}</h2>
          {lead && <p className="section__lead">{lead}</p>}
        </div>
        {actions && <div className="section__actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** What stands where a list would be, and what to do about it. */
export function EmptyState({
  icon = 'ticket',
  title,
  children,
}: {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      <Icon name={icon} size={32} />
      <p className="empty__title">{title}</p>
      {children && <div className="empty__text">{children}</div>}
    </div>
  );
}

/** Names and values, one below the other. */
export function Facts({ items }: { readonly items: readonly (readonly [string, ReactNode])[] }): ReactNode {
  return (
    <dl className="facts">
      {items.map(([name, value]) => (
        <div key={name} className="facts__row">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Digits, which stand right. */
  readonly isNumber?: boolean;
}

/** A table; on phones each row becomes a block in which every value is named. `caption` is for screen readers. */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}): ReactNode {
  return (
    <div className="table-box">
      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" className={isNumber ? 'table__number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, isNumber }) => (
                <td key={title} data-title={title} className={isNumber ? 'table__number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The way to the next page of a list; nothing where there is none. */
export function More({
  pages,
}: {
  readonly pages: { readonly hasMore: boolean; readonly isLoading: boolean; more(): Promise<void> };
}): ReactNode {
  if (!pages.hasMore) return null;
  return (
    <div className="more">
      <Button busy={pages.isLoading} onClick={() => void pages.more()}>
        Show more
      </Button>
    </div>
  );
}
