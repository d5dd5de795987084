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
  /** Goes by itself after some seconds: for what was done here, which needs no answer. */
  readonly isBrief?: boolean;
}

const MOST = 4;
const BRIEF_MS = 6_000;
const shown = createStore<readonly (Announcement & { readonly id: number })[]>([]);
let lastId = 0;

/** Shows a message. The oldest makes place where there are too many. */
export function announce(announcement: Announcement): void {
  lastId += 1;
  const id = lastId;
  shown.set([...shown.get(), { ...announcement, id }].slice(-MOST));
  if (announcement.isBrief) setTimeout(() => dismiss(id), BRIEF_MS);
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
