/** A device of somebody else, as a ticket: what it is, and in place of the stub to tear off a way to write to it. */

import { type ReactNode, useId } from 'react';
import type { DeviceFragment } from '../../generated/graphql.js';
import { Badge, Button, Icon, Serial, Time } from '../../kit/index.js';
import { deviceDetail, deviceIcon, deviceName } from '../account/device-name.js';

export function UserDevice({
  device,
  onMessage,
}: {
  readonly device: DeviceFragment;
  readonly onMessage: () => void;
}): ReactNode {
  const heading = useId();
  const detail = deviceDetail(device);
  return (
    <li className={`device ${device.current ? 'device--current' : ''}`} aria-labelledby={heading}>
      <span className="device__icon">
        <Icon name={deviceIcon(device)} size={24} />
      </span>
      <div className="device__body">
        <h3 className="device__name" id={heading}>
          {deviceName(device)}
          {device.current && <Badge tone="good">This device</Badge>}
        </h3>
        <p className="device__facts">
          {detail && <span>{detail}</span>}
          <span>
            <span className="visually-hidden">Address </span>
            {device.ipAddress ?? 'address unknown'}
          </span>
          <span>
            Last seen <Time at={device.lastSeenAt} />
          </span>
        </p>
        <p className="device__small">
          <span>
            Signed in <Time at={device.createdAt} />
          </span>
          <span>
            Ends <Time at={device.expiresAt} /> if unused
          </span>
        </p>
      </div>
      <div className="device__stub">
        <Serial id={device.id} />
        <Button tone="quiet" aria-label={`Message to ${deviceName(device)}`} onClick={onMessage}>
          Message
        </Button>
      </div>
    </li>
  );
}
