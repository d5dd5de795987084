/** What is held as a ticket: how long it is still good, how long it is, and behind the perforation its stub. */

import type { ReactNode } from 'react';
import { Serial } from '../../kit/index.js';

export function Ticket({
  label,
  title,
  note,
  bars,
  stub,
}: {
  readonly label: string;
  readonly title: ReactNode;
  readonly note: ReactNode;
  readonly bars?: ReactNode;
  readonly stub: ReactNode;
}): ReactNode {
  return (
    <div className="pass">
      <div className="pass__paper">
        <p className="pass__label">{label}</p>
        <p className="pass__title">{title}</p>
        <p className="pass__note">{note}</p>
        {bars}
      </div>
      <div className="pass__stub">{stub}</div>
    </div>
  );
}

/** A part of a whole. The words beside it say the same. */
export function Bar({
  name,
  part,
  text,
  tone = 'accent',
}: {
  readonly name: string;
  /** From 0 to 1. */
  readonly part: number;
  readonly text: string;
  readonly tone?: 'accent' | 'warning';
}): ReactNode {
  return (
    <div className={`bar bar--${tone}`}>
      <p className="bar__text">
        <span>{name}</span>
        <span>{text}</span>
      </p>
      <div className="bar__track" aria-hidden="true">
        <div className="bar__fill" style={{ transform: `scaleX(${part})` }} />
      </div>
    </div>
  );
}

export function Stub({
  sessionId,
  children,
}: {
  /** Null where nothing is kept. */
  readonly sessionId: string | null;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <>
      <p className="pass__label">The stub</p>
      {sessionId === null ? <p className="pass__none">None</p> : <Serial id={sessionId} />}
      <p className="pass__note">{children}</p>
    </>
  );
}
