/**
 * What is said to whoever is here, wherever in the console they are: short messages that stay until they are dismissed, in
 * a live region that is there before they are, so that screen readers say them.
 */

import { type ReactNode, useEffect, useState } from 'react';
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
type Shown = Announcement & { readonly id: number };
const shown = createStore<readonly Shown[]>([]);
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
}

function lastsMs({ isBrief, tone }: Announcement): number | null {
  return isBrief ? BRIEF_MS : tone === 'good' ? GOOD_MS : null;
}

function dismiss(id: number): void {
  shown.set(shown.get().filter((each) => each.id !== id));
}

export function clearAnnouncements(): void {
  shown.set([]);
}

/** Once in the page. None goes by itself while somebody points at them, or has the focus among them. */
export function Announcements(): ReactNode {
  const messages = useStore(shown);
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  return (
    <div
      className="announcements"
      role="status"
      aria-live="polite"
      aria-relevant="additions"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      {messages.map((message) => (
        <Message
          key={message.id}
          message={message}
          isHeld={isPointed || isFocused}
          onDismiss={() => {
            // What is gone tells nobody that it has lost the focus.
            setFocused(false);
            dismiss(message.id);
          }}
        />
      ))}
    </div>
  );
}

function Message({
  message,
  isHeld,
  onDismiss,
}: {
  readonly message: Shown;
  readonly isHeld: boolean;
  readonly onDismiss: () => void;
}): ReactNode {
  const { id, tone, title, text, icon } = message;
  const goesAfterMs = isHeld ? null : lastsMs(message);
  useEffect(() => {
    if (goesAfterMs === null) return;
    const timer = setTimeout(() => dismiss(id), goesAfterMs);
    return () => clearTimeout(timer);
  }, [id, goesAfterMs]);
  return (
    <Notice tone={tone} title={title} {...(icon === undefined ? {} : { icon })} onDismiss={onDismiss}>
      {text}
    </Notice>
  );
}
