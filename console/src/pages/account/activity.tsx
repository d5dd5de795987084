/** What has happened to my account, by day, newest first; more of it as it happens. */

import type { ReactNode } from 'react';
import { useIsStateless, useServerNow } from '../../data/server-info.js';
import { byDay } from '../../data/times.js';
import { usePages } from '../../data/use-pages.js';
import { ActivityDocument } from '../../generated/graphql.js';
import {
  Badge,
  EmptyState,
  FaultNotice,
  Icon,
  More,
  PageHeader,
  Serial,
  Skeleton,
  Time,
} from '../../kit/index.js';
import { useSessionEvents } from '../../session/push.js';
import { type Activity, tell } from './activity-words.js';
import { type KnownDevice, useDeviceNames } from './use-device-names.js';

export default function ActivityPage(): ReactNode {
  const events = usePages(ActivityDocument, {}, ({ viewer }) => viewer?.activity);
  const deviceOf = useDeviceNames();
  const now = useServerNow(60_000);
  const isStateless = useIsStateless();
  useSessionEvents(() => void events.reload());
  return (
    <>
      <PageHeader
        title="Activity"
        lead={`What has happened to your account. If something here was not you, ${isStateless ? '' : 'log out everywhere and '}change your password.`}
      />
      {events.fault !== null && <FaultNotice fault={events.fault} onRetry={events.reload} />}
      {events.items === null && events.fault === null && <Skeleton label="Your activity is loading" />}
      {events.items?.length === 0 && <EmptyState icon="activity" title="Nothing has happened yet." />}
      {byDay(events.items ?? [], now).map(({ day, events: ofDay }) => (
        <section key={day} className="day" aria-label={day}>
          <h2 className="day__title">{day}</h2>
          <ol className="day__events">
            {ofDay.map((event) => (
              <Event
                key={event.id}
                event={event}
                device={event.sessionId ? deviceOf(event.sessionId) : null}
              />
            ))}
          </ol>
        </section>
      ))}
      <More pages={events} />
    </>
  );
}

function Event({
  event,
  device,
}: {
  readonly event: Activity;
  readonly device: KnownDevice | null;
}): ReactNode {
  const { icon, tone, title, text } = tell(event);
  return (
    <li className={`event event--${tone}`}>
      <span className="event__icon">
        <Icon name={icon} />
      </span>
      <div className="event__body">
        <p className="event__title">{title}</p>
        {text && <p className="event__text">{text}</p>}
        <p className="event__facts">
          {event.ipAddress && <span>{event.ipAddress}</span>}
          {/* In words of its own: a device may call itself anything. */}
          {device?.current && <Badge tone="good">This device</Badge>}
          {event.byAnother && <span>by somebody else</span>}
          {event.sessionId && (
            <span>
              {device === null ? 'A device that is signed out' : <bdi>{device.name}</bdi>} ·{' '}
              <Serial id={event.sessionId} />
            </span>
          )}
        </p>
      </div>
      <span className="event__time">
        <Time at={event.at} />
      </span>
    </li>
  );
}
