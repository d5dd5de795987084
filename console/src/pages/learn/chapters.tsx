/** The three chapters for learners, and the way from one to the next. */

import type { ReactNode } from 'react';
import { Icon } from '../../kit/index.js';
import { hrefTo } from '../../router/router.js';

const CHAPTERS = [
  { path: '/learn/credential', title: 'Your credential', text: 'What this browser really holds' },
  { path: '/learn/rotation', title: 'Rotation', text: 'Refreshing, thieves and lost answers' },
  { path: '/learn/models', title: 'Three models', text: 'Stateful, stateless, and between them' },
] as const;

export type Chapter = (typeof CHAPTERS)[number]['path'];

/** At the end of a chapter: to the others. */
export function OtherChapters({ open }: { readonly open: Chapter }): ReactNode {
  return (
    <nav className="chapters" aria-label="Chapters for learners">
      {CHAPTERS.map(({ path, title, text }, index) =>
        path === open ? null : (
          <a key={path} className="chapter" href={hrefTo(path)}>
            <span className="chapter__number" aria-hidden="true">
              {index + 1}
            </span>
            <span>
              <span className="chapter__title">{title}</span>
              <span className="chapter__text">{text}</span>
            </span>
            <Icon name="next" />
          </a>
        ),
      )}
    </nav>
  );
}
