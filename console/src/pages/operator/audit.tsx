/** The audit log, for operators: what happened to accounts, sessions and keys, newest first, a day under its date. */

import '../../styles/operator.css';
import '../../styles/operator-audit.css';
import type { ReactNode } from 'react';
import { useServerNow } from '../../data/server-info.js';
import { byDay } from '../../data/times.js';
import { usePages } from '../../data/use-pages.js';
import { AuditLogDocument } from '../../generated/graphql.js';
import { Button, EmptyState, FaultNotice, More, PageHeader, Skeleton } from '../../kit/index.js';
import { goTo, hrefTo, usePlace } from '../../router/router.js';
import { AuditLine } from './audit-event.js';
import { AuditFilter, type Filter } from './audit-filter.js';
import { useNames } from './names.js';
import { counted } from './words.js';

export default function Audit(): ReactNode {
  const { query } = usePlace();
  const [kind, user] = [query.get('kind') ?? '', query.get('user') ?? ''];
  const variables = { kind: kind || null, userId: user || null };
  const events = usePages(AuditLogDocument, variables, (data) => data.auditLog);
  const { items } = events;
  const names = useNames([user, ...(items ?? []).flatMap(({ userId, actorId }) => [userId, actorId])]);
  const days = byDay(items ?? [], useServerNow(60_000));
  const show = (filter: Filter) => goTo(hrefTo('/operator/audit', { ...filter }));

  return (
    <>
      <PageHeader
        title="Audit log"
        lead="What happened to accounts, sessions and keys, newest first. Lines can be added, never changed."
        actions={
          <Button icon="activity" busy={events.isLoading} onClick={() => void events.reload()}>
            Refresh
          </Button>
        }
      />
      <AuditFilter filter={{ kind, user }} who={names.get(user) ?? null} onFilter={show} />
      <p className="visually-hidden" role="status">
        {items !== null &&
          !events.isLoading &&
          `${counted(items.length, 'event')}${events.hasMore ? ' or more' : ''}`}
      </p>
      {events.fault !== null && <FaultNotice fault={events.fault} onRetry={events.reload} />}
      {items === null && events.fault === null && <Skeleton label="The audit log is loading" />}
      {items?.length === 0 && events.fault === null && (
        <EmptyState icon="log" title="Nothing of that kind has happened.">
          {(kind !== '' || user !== '') && <a href={hrefTo('/operator/audit')}>Show everything</a>}
        </EmptyState>
      )}
      <div className="audit" aria-busy={events.isLoading}>
        {days.map(({ day, events: ofDay }) => (
          <section key={day} className="day" aria-label={day}>
            <h2 className="day__title">{day}</h2>
            <ol className="entries">
              {ofDay.map((event) => (
                <AuditLine key={event.id} event={event} names={names} user={user} />
              ))}
            </ol>
          </section>
        ))}
      </div>
      <More pages={events} />
    </>
  );
}
