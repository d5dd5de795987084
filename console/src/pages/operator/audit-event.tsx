/** One line of the audit log: a sentence with whom it names as links, from where, and when. */

import type { ReactNode } from 'react';
import { clock } from '../../data/times.js';
import { Icon, Serial, Time } from '../../kit/index.js';
import { hrefTo } from '../../router/router.js';
import { type AuditEvent, tell } from './audit-words.js';
import type { Names } from './names.js';

export function AuditLine({
  event,
  names,
  user,
}: {
  readonly event: AuditEvent;
  readonly names: Names;
  /** Whom the list is filtered by, so that the links to a kind keep it. */
  readonly user: string;
}): ReactNode {
  const { icon, tone, sentence, text } = tell(event);
  return (
    <li className="entry">
      <span className={`entry__icon entry__icon--${tone}`}>
        <Icon name={icon} size={16} />
      </span>
      <div className="entry__body">
        <p className="entry__sentence">{written(sentence, event, names)}</p>
        {text !== null && text !== '' && <p className="entry__text">{text}</p>}
        <p className="entry__meta">
          <a href={hrefTo('/operator/audit', { kind: event.kind, user })} title="Only such events">
            <code>{event.kind}</code>
          </a>
          {event.ipAddress !== null && (
            <span>
              from <code>{event.ipAddress}</code>
            </span>
          )}
        </p>
      </div>
      <p className="entry__time">
        <time dateTime={event.at}>{clock(event.at)}</time>
        <span className="entry__relative">
          <Time at={event.at} />
        </span>
      </p>
    </li>
  );
}

/** Puts whom and what it concerns into a sentence. */
function written(sentence: string, event: AuditEvent, names: Names): ReactNode[] {
  return sentence.split(/(\{[a-z]+\})/).map((part, index) => {
    switch (part) {
      case '{user}':
        return <Who key={part} id={event.userId} names={names} nobody="somebody unknown" />;
      case '{actor}':
        return (
          <Who
            key={part}
            id={event.actorId ?? null}
            names={names}
            nobody={sentence.startsWith(part) ? 'The command line' : 'the command line'}
          />
        );
      case '{device}':
        return (
          <span key={part}>
            device <Serial id={event.sessionId ?? '?'} />
          </span>
        );
      case '{key}':
        return (
          <a key={part} href={hrefTo('/operator/keys')}>
            key <Serial id={event.detail ?? '?'} />
          </a>
        );
      case '{service}':
        return (
          <span key={part}>
            service <Serial id={event.detail ?? '?'} />
          </span>
        );
      default:
        // A sentence may begin with whom it names.
        return index === 0 && part === '' ? null : part;
    }
  });
}

function Who({
  id,
  names,
  nobody,
}: {
  readonly id: string | null;
  readonly names: Names;
  readonly nobody: string;
}): ReactNode {
  if (id === null) return nobody;
  const named = names.get(id);
  if (named === null)
    return (
      <span>
        deleted user <Serial id={id} />
      </span>
    );
  return (
    <a className="who" href={hrefTo(`/operator/users/${id}`)} title={named?.email}>
      {named?.name ?? <Serial id={id} />}
    </a>
  );
}
