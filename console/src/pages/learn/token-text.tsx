/** The text of a signed token in its three parts, each in its colour. Covered until it is asked for, and soon again. */

import { type ReactNode, useEffect, useState } from 'react';
import { Button } from '../../kit/index.js';
import type { ReadToken } from './decode.js';

/** Whoever shows it and walks away has not left it on the screen. */
const SHOWN_MS = 60_000;
const PARTS = ['header', 'payload', 'signature'] as const;

export function TokenText({
  token,
  isSpecimen,
}: {
  readonly token: ReadToken;
  readonly isSpecimen: boolean;
}): ReactNode {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isShown) return;
    const timer = setTimeout(() => setShown(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isShown]);
  return (
    <figure className="token-text">
      <figcaption className="token-text__head">
        <ul className="token-text__legend">
          {PARTS.map((part) => (
            <li key={part} className={`part part--${part}`}>
              {part} <span className="token-text__count">{token.parts[part].length}</span>
            </li>
          ))}
        </ul>
        <Button tone="quiet" icon="eye" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? 'Hide the token' : 'Show the token'}
        </Button>
      </figcaption>
      {isShown ? (
        <code className="token-text__text" data-shown>
          {PARTS.map((part, index) => (
            <span key={part}>
              {index > 0 && <span className="token-text__dot">.</span>}
              <span className={`part part--${part}`}>{token.parts[part]}</span>
            </span>
          ))}
        </code>
      ) : (
        <div className="token-text__cover">
          {PARTS.map((part) => (
            <span
              key={part}
              className={`cover part--${part}`}
              style={{ flexGrow: token.parts[part].length }}
            />
          ))}
          <p className="visually-hidden">The token is covered.</p>
        </div>
      )}
      <p className="aside">
        {isSpecimen
          ? 'A specimen, signed just now by a key that this page has made and forgets. It opens nothing.'
          : 'Whoever reads it can be you until it expires, so it is covered: mind who looks over your shoulder, and do not paste it anywhere.'}
      </p>
    </figure>
  );
}
