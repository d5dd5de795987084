/** A device of somebody else, and in place of the stub to tear off a way to write to it. */

import type { ReactNode } from 'react';
import type { DeviceFragment } from '../../generated/graphql.js';
import { Button } from '../../kit/index.js';
import { deviceName } from '../account/device-name.js';
import { DeviceTicket } from '../account/device-ticket.js';

export function UserDevice({
  device,
  onMessage,
}: {
  readonly device: DeviceFragment;
  readonly onMessage: () => void;
}): ReactNode {
  return (
    <DeviceTicket device={device} level={3}>
      <Button tone="quiet" aria-label={`Message to ${deviceName(device)}`} onClick={onMessage}>
        Message
      </Button>
    </DeviceTicket>
  );
}
