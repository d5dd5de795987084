/** Forms, which are sent by scripts alone: the policy of the page lets nothing else be. */

import { type ReactNode, useEffect, useRef } from 'react';
import type { Fault } from '../data/faults.js';
import { Notice } from './notice.js';

export type Values = Readonly<Record<string, string>>;

/**
 * Gathers the named fields as text and hands them on; keeps what was typed, whatever comes of it. A `fault` is shown above
 * the buttons. When the fields have got faults, the first of them takes the focus.
 */
export function Form({
  label,
  onSubmit,
  fault = null,
  faults = 0,
  children,
  actions,
}: {
  readonly label: string;
  readonly onSubmit: (values: Values) => unknown;
  /** Of the request as a whole. */
  readonly fault?: Fault | null;
  /** A number that rises each time that fields have got faults. */
  readonly faults?: number;
  readonly children: ReactNode;
  readonly actions: ReactNode;
}): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (faults > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);
  return (
    <form
      ref={form}
      className="form"
      aria-label={label}
      noValidate={false}
      onSubmit={(event) => {
        event.preventDefault();
        const values: Record<string, string> = {};
        for (const [name, value] of new FormData(event.currentTarget))
          if (typeof value === 'string') values[name] = value;
        onSubmit(values);
      }}
    >
      {children}
      {fault !== null && (
        <Notice tone="danger" title={fault.title} isAlert>
          {fault.text}
        </Notice>
      )}
      <div className="form__actions">{actions}</div>
    </form>
  );
}
