/** An opaque token as a strip of paper, part by part; what is chosen, by pointer or keyboard, is explained below it. */

import { type ReactNode, useId, useState } from 'react';
import { bytesIn, type TokenPart } from './anatomy.js';

const SHOWN_BYTES = 6;

export function AnatomyStrip({
  prefix,
  parts,
  label,
}: {
  readonly prefix: string;
  readonly parts: readonly TokenPart[];
  readonly label: string;
}): ReactNode {
  const [chosen, choose] = useState(parts.find(({ bytes }) => bytes > 4)?.id);
  const panel = useId();
  const open = parts.find(({ id }) => id === chosen) ?? parts[0];
  return (
    <div className="anatomy">
      <ol className="anatomy__strip" aria-label={label}>
        <li className="anatomy__prefix">
          <code>{prefix}</code>
          <span>tells scanners and people what it is</span>
        </li>
        {parts.map((part) => (
          <li key={part.id} className="anatomy__item" style={{ flexGrow: Math.min(part.bytes, 12) }}>
            <button
              type="button"
              className="anatomy__part"
              aria-pressed={part.id === open?.id}
              aria-describedby={part.id === open?.id ? panel : undefined}
              onClick={() => choose(part.id)}
              onFocus={() => choose(part.id)}
              onPointerEnter={() => choose(part.id)}
            >
              <span className="anatomy__name">{part.name}</span>
              <span className="anatomy__bytes">
                {part.bytes} {part.bytes === 1 ? 'byte' : 'bytes'}
              </span>
              <code className="anatomy__hex" aria-hidden="true">
                {part.hex
                  .slice(0, SHOWN_BYTES)
                  .map((digits) => digits ?? '··')
                  .join(' ')}
                {part.hex.length > SHOWN_BYTES && ' …'}
              </code>
            </button>
          </li>
        ))}
      </ol>
      {open && (
        <div className="anatomy__panel" id={panel} aria-live="polite">
          <p className="anatomy__title">
            {open.name}, {open.bytes} of {bytesIn(parts)} bytes
          </p>
          <p>{open.meaning}</p>
          <p className="anatomy__why">{open.why}</p>
          {open.hex.every((digits) => digits !== null) ? (
            <code className="anatomy__whole">{open.hex.join(' ')}</code>
          ) : (
            <p className="aside">
              Its bytes lie in the cookie, where no script can read them, this page included.
            </p>
          )}
        </div>
      )}
    </div>
  );
}
