/**
 * What is said to whoever is here, wherever in the console they are: short messages that stay until they are dismissed, in
 * a live region that is there before they are, so that screen readers say them.
 */

import type { ReactNode } from 'react';
import { createStore, useStore } from '../session/emitter.js';
import type { IconName } from './icon.js';
import { Notice, type Tone } from './notice.js';

interface Announcement {
  readonly tone: Tone;
  readonly title: string;
  readonly text?: string;
  readonly icon?: IconName;
  /** Goes by itself sooner: for what was done here and needs no answer. */
  readonly isBrief?: boolean;
}

const MOST = 4;
const BRIEF_MS = 6_000;
/** Good news go by themselves, too, so that they do not stand before what comes next. */
const GOOD_MS = 15_000;
const shown = createStore<readonly (Announcement & { readonly id: number })[]>([]);
let lastId = 0;

/** Shows a message. The oldest makes place where there are too many. */
export function announce(announcement: Announcement): void {
  lastId += 1;
  const id = lastId;
  // What is said again takes the place of what was said before.
  const others = shown
    .get()
    .filter(({ title, text }) => title !== announcement.title || text !== announcement.text);
  shown.set([...others, { ...announcement, id }].slice(-MOST));
  const lastsMs = announcement.isBrief ? BRIEF_MS : announcement.tone === 'good' ? GOOD_MS : null;
  if (lastsMs !== null) setTimeout(() => dismiss(id), lastsMs);
}

function dismiss(id: number): void {
  shown.set(shown.get().filter((each) => each.id !== id));
}

export function clearAnnouncements(): void {
  shown.set([]);
}

/** Once in the page. */
export function Announcements(): ReactNode {
  const messages = useStore(shown);
  return (
    <div className="announcements" role="status" aria-live="polite" aria-relevant="additions">
      {messages.map(({ id, tone, title, text, icon }) => (
        <Notice
          key={id}
          tone={tone}
          title={title}
          {...(icon === undefined ? {} : { icon })}
          onDismiss={() => dismiss(id)}
        >
          {text}
        </Notice>
      ))}
    </div>
  );
}
