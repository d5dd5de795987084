/** Fields of a token, one below the other: what each says, what it is for, and what a verifier does with it. */

import type { ReactNode } from 'react';
import { absolute } from '../../data/times.js';
import { Icon } from '../../kit/index.js';
import { type FieldNote, notesFor } from './claims.js';
import type { Fields } from './decode.js';
import { distance, instantOf } from './times.js';

export function FieldList({
  label,
  part,
  fields,
  notes,
  now,
}: {
  readonly label: string;
  readonly part: 'header' | 'payload';
  readonly fields: Fields;
  readonly notes: readonly FieldNote[];
  readonly now: number;
}): ReactNode {
  return (
    <dl className="fields" aria-label={label}>
      {notesFor(notes, fields).map((note) => (
        <div key={note.name} className="field-row">
          <dt className="field-row__name">
            <code className={`part part--${part}`}>{note.name}</code>
            <span>{note.title}</span>
          </dt>
          <dd className="field-row__value" data-claim={note.name}>
            <Value value={fields[note.name]} kind={note.kind} now={now} />
          </dd>
          <dd className="field-row__meaning">{note.meaning}</dd>
          <dd className="field-row__check">
            <Icon name="check" size={15} />
            <span>
              <span className="visually-hidden">A verifier checks: </span>
              {note.check}{' '}
              <span className="field-row__sources">
                {note.sources.map(({ label: text, href }) => (
                  <a key={href} href={href} target="_blank" rel="noreferrer">
                    {text}
                  </a>
                ))}
              </span>
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({
  value,
  kind,
  now,
}: {
  readonly value: unknown;
  readonly kind: FieldNote['kind'];
  readonly now: number;
}): ReactNode {
  const at = kind === 'instant' ? instantOf(value) : null;
  if (at === null) return <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>;
  return (
    <>
      <time dateTime={new Date(at).toISOString()}>{distance(at, now)}</time>
      <span className="field-row__exact">{absolute(at)}</span>
      <code className="field-row__raw">{String(value)}</code>
    </>
  );
}
