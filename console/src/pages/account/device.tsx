/** One of my devices, with the way to tear it off. */

import type { ReactNode } from 'react';
import type { DeviceFragment } from '../../generated/graphql.js';
import { Button } from '../../kit/index.js';
import { logOut } from '../../session/log-out.js';
import { deviceName } from './device-name.js';
import { DeviceTicket } from './device-ticket.js';

export function Device({
  device,
  isLeaving = false,
  onLogout,
}: {
  readonly device: DeviceFragment;
  readonly isLeaving?: boolean;
  /** Null for this device, which logs out without being asked. */
  readonly onLogout: (() => void) | null;
}): ReactNode {
  return (
    <DeviceTicket device={device} level={2} isLeaving={isLeaving}>
      <Button
        tone="quiet"
        aria-label={`Log out ${deviceName(device)}${device.current ? ', this device' : ''}`}
        onClick={() => (onLogout === null ? void logOut() : onLogout())}
      >
        Log out
      </Button>
    </DeviceTicket>
  );
}
