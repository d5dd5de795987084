/** One session model: what the credential is, the way of a request and of a renewal, and what happens when. */

import type { ReactNode } from 'react';
import type { ModelName } from '../../../../src/entities/session-model.js';
import { hrefTo } from '../../router/router.js';
import { STORIES, type Stop } from './model-stories.js';
import { type Occasion, occasionsOf, type Standing } from './occasions.js';

export function ModelPanel({
  model,
  isOwn,
}: {
  readonly model: ModelName;
  readonly isOwn: boolean;
}): ReactNode {
  const { motto, credential, request, renewal } = STORIES[model];
  return (
    <div className="model">
      <p className="model__motto">{motto}</p>
      <p className="model__credential">{credential}</p>
      <Journey title="A request" stops={request} />
      <Journey title="A renewal" stops={renewal} />
      {model === 'hybrid' && (
        <p className="aside">
          The renewal is where thieves are found. <a href={hrefTo('/learn/rotation')}>Play it through</a>.
        </p>
      )}
      <ul className="occasions" aria-label="What happens when">
        {occasionsOf(model).map((occasion) => (
          <OccasionRow key={occasion.title} {...occasion} />
        ))}
      </ul>
      <p className="aside">
        {isOwn ? 'This is the model that this server runs. ' : 'This server runs another model. '}
        <code>COUNTERFOIL_MODEL</code> chooses it, and tests hold each to what is said here.
      </p>
    </div>
  );
}

function Journey({ title, stops }: { readonly title: string; readonly stops: readonly Stop[] }): ReactNode {
  return (
    <div className="journey">
      <p className="journey__title">{title}</p>
      <ol className="journey__stops">
        {stops.map(({ where, what, kind }) => (
          <li key={where} className={`stop stop--${kind}`}>
            <span className="stop__where">{where}</span>
            <span className="stop__what">{what}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

const STANDING_WORDS: Readonly<Record<Standing, string>> = { good: 'Good', fair: 'Fair', poor: 'Poor' };

function OccasionRow({ title, standing, text }: Occasion): ReactNode {
  return (
    <li className="occasion">
      <span className="occasion__title">{title}</span>
      <span className={`rating rating--${standing}`}>{STANDING_WORDS[standing]}</span>
      <span className="occasion__text">{text}</span>
    </li>
  );
}
