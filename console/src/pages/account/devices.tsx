/** My devices, kept up to date by what is pushed: log out one of them, or all. */

import { type ReactNode, useMemo, useState } from 'react';
import { useIsStateless, useServerInfo } from '../../data/server-info.js';
import { duration } from '../../data/times.js';
import { usePages } from '../../data/use-pages.js';
import { useQuery } from '../../data/use-query.js';
import { type DeviceFragment, SessionDocument, ViewerDevicesDocument } from '../../generated/graphql.js';
import { Button, EmptyState, FaultNotice, More, PageHeader, Skeleton } from '../../kit/index.js';
import { useStore } from '../../session/emitter.js';
import { liveness, useSessionEvents } from '../../session/push.js';
import { Device } from './device.js';
import { LogoutDevice } from './logout-device.js';
import { LogoutEverywhere } from './logout-everywhere.js';
import { useDepartures } from './use-departures.js';

const NONE: readonly DeviceFragment[] = [];

export default function Devices(): ReactNode {
  const devices = usePages(ViewerDevicesDocument, {}, ({ viewer }) => viewer?.sessions);
  // With many devices this one may not be among the newest.
  const here = useQuery(SessionDocument, {});
  const [leaving, setLeaving] = useState<DeviceFragment | null>(null);
  const [isLeavingAll, setLeavingAll] = useState(false);
  useSessionEvents(({ __typename }) => {
    if (__typename !== 'MessageEvent' && __typename !== 'SigningKeyRotatedEvent') void devices.reload();
  });
  const current = devices.items?.find((device) => device.current) ?? here.data?.session ?? null;
  const others = useMemo(() => devices.items?.filter((device) => !device.current) ?? null, [devices.items]);
  const shown = useDepartures(others ?? NONE);
  const keepsNone = useIsStateless();

  return (
    <>
      <PageHeader
        title="Devices"
        lead={
          keepsNone
            ? 'Where you are signed in, as far as this server can know.'
            : 'Where you are signed in. Log out any device that you do not know or no longer use.'
        }
        actions={
          !keepsNone && (
            <Button tone="danger" icon="out" onClick={() => setLeavingAll(true)}>
              Log out everywhere
            </Button>
          )
        }
      />
      {!keepsNone && <Liveness />}
      {devices.fault !== null && <FaultNotice fault={devices.fault} onRetry={devices.reload} />}
      {others === null && devices.fault === null && <Skeleton label="Your devices are loading" />}
      {others !== null && (current !== null || shown.length > 0) && (
        <ul className="devices" aria-label="Devices">
          {current !== null && <Device device={current} onLogout={null} />}
          {shown.map(({ item, isLeaving }) => (
            <Device key={item.id} device={item} isLeaving={isLeaving} onLogout={() => setLeaving(item)} />
          ))}
        </ul>
      )}
      {shown.length === 0 && others !== null && (keepsNone ? <NoList /> : <NoOthers />)}
      <More pages={devices} />
      <LogoutDevice device={leaving} onClose={() => setLeaving(null)} onDone={devices.reload} />
      <LogoutEverywhere isOpen={isLeavingAll} onClose={() => setLeavingAll(false)} onDone={devices.reload} />
    </>
  );
}

function NoOthers(): ReactNode {
  return <EmptyState icon="devices" title="No other device is signed in." />;
}

function NoList(): ReactNode {
  const info = useServerInfo();
  return (
    <EmptyState icon="devices" title="This server keeps no list of devices">
      Only a device itself can log out. One that is lost stays signed in while somebody goes on using it
      {info !== null && `, for up to ${duration(info.absoluteLifetime)}`}.
    </EmptyState>
  );
}

const LIVENESS = {
  live: 'Live: changes appear at once',
  connecting: 'Connecting…',
  off: 'Not connected: changes appear when you come back to this page',
};

/** Whether the list changes by itself. Where it cannot, it says so, rather than look up to date. */
function Liveness(): ReactNode {
  const state = useStore(liveness);
  return (
    <p className={`liveness liveness--${state}`}>
      <span className="liveness__dot" aria-hidden="true" />
      {LIVENESS[state]}
    </p>
  );
}
