/** One user, for operators: who it is, where they are signed in, and what can be done. */

import '../../styles/operator.css';
import { type ReactNode, useState } from 'react';
import { useIsStateless } from '../../data/server-info.js';
import { usePages } from '../../data/use-pages.js';
import { useViewer } from '../../data/viewer.js';
import { type AccountFragment, UserDocument } from '../../generated/graphql.js';
import {
  Button,
  ButtonLink,
  EmptyState,
  FaultNotice,
  Icon,
  More,
  PageHeader,
  Section,
  Skeleton,
} from '../../kit/index.js';
import { hrefTo } from '../../router/router.js';
import { type Addressee, Message } from './message.js';
import { EndSessions, Reinstate, Suspend } from './user-deeds.js';
import { UserDevice } from './user-device.js';
import { AccountFacts, Standing } from './user-facts.js';

type Open = 'suspend' | 'reinstate' | 'end' | null;

export default function User({ id = '' }: { readonly id?: string }): ReactNode {
  const devices = usePages(UserDocument, { id }, ({ user }) => user?.sessions);
  const viewer = useViewer();
  const isStateless = useIsStateless();
  const [open, setOpen] = useState<Open>(null);
  const [to, setTo] = useState<Addressee | null>(null);
  const user = devices.data?.user ?? null;
  const { items } = devices;
  const close = () => setOpen(null);
  const deed = { onClose: close, onDone: devices.reload };

  return (
    <>
      <p className="crumb">
        <a href={hrefTo('/operator/users')}>
          <Icon name="back" size={14} /> Users
        </a>
      </p>
      <PageHeader title={user?.name ?? 'User'} lead={user?.email} />
      {devices.fault !== null && <FaultNotice fault={devices.fault} onRetry={devices.reload} />}
      {devices.data === null && devices.fault === null && <Skeleton label="The user is loading" />}
      {devices.data !== null && user === null && (
        <EmptyState icon="search" title="There is no such user, or not any more." />
      )}
      {user !== null && items !== null && (
        <>
          <Standing user={user} isSelf={viewer?.id === user.id} />
          <div className="toolbar">
            <Button icon="message" onClick={() => setTo(toUser(user))}>
              Send message
            </Button>
            <ButtonLink icon="log" href={hrefTo('/operator/audit', { user: user.id })}>
              Audit log
            </ButtonLink>
            <span className="toolbar__gap" />
            <Button icon="out" tone="danger" disabled={items.length === 0} onClick={() => setOpen('end')}>
              End all sessions
            </Button>
            {user.suspendedAt === null ? (
              <Button icon="lock" tone="danger" onClick={() => setOpen('suspend')}>
                Suspend
              </Button>
            ) : (
              <Button icon="check" tone="primary" onClick={() => setOpen('reinstate')}>
                Reinstate
              </Button>
            )}
          </div>
          <AccountFacts user={user} />
          <Section
            title="Devices"
            lead="Where they are signed in now."
            actions={
              <Button
                tone="quiet"
                icon="activity"
                busy={devices.isLoading}
                onClick={() => void devices.reload()}
              >
                Refresh
              </Button>
            }
          >
            {items.length === 0 && (
              <EmptyState
                icon="devices"
                title={isStateless ? 'This server keeps no list of devices.' : 'No device is signed in.'}
              />
            )}
            {items.length > 0 && (
              <ul className="devices" aria-label="Devices">
                {items.map((device) => (
                  <UserDevice
                    key={device.id}
                    device={device}
                    onMessage={() => setTo(toDevice(user, device.id))}
                  />
                ))}
              </ul>
            )}
            <More pages={devices} />
          </Section>
          {open === 'suspend' && (
            <Suspend user={user} sessions={{ count: items.length, isAll: !devices.hasMore }} {...deed} />
          )}
          <EndSessions user={user} isOpen={open === 'end'} {...deed} />
          <Reinstate user={user} isOpen={open === 'reinstate'} {...deed} />
          {to !== null && <Message to={to} onClose={() => setTo(null)} />}
        </>
      )}
    </>
  );
}

function toUser({ id, name }: AccountFragment): Addressee {
  return { name, userId: id, reach: `${name} sees it at once on every device that has a page open.` };
}

function toDevice({ id, name }: AccountFragment, sessionId: string): Addressee {
  const reach = 'It is seen at once on that device, if it has a page open, and on no other.';
  return { name: `a device of ${name}`, userId: id, sessionId, reach };
}
