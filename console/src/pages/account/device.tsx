/** One device as a ticket: what it is on the paper, and behind the perforation the way to tear it off. */

import { type ReactNode, useId } from 'react';
import type { DeviceFragment } from '../../generated/graphql.js';
import { Badge, Button, Icon, Serial, Time } from '../../kit/index.js';
import { client } from '../../session/client.js';
import { deviceDetail, deviceIcon, deviceName } from './device-name.js';

export function Device({
  device,
  isLeaving = false,
  onLogout,
}: {
  readonly device: DeviceFragment;
  /** Torn off: it is gone, and only its leaving is drawn. */
  readonly isLeaving?: boolean;
  /** Null for this device, which logs out without being asked. */
  readonly onLogout: (() => void) | null;
}): ReactNode {
  const heading = useId();
  const detail = deviceDetail(device);
  return (
    <li
      className={`device ${device.current ? 'device--current' : ''} ${isLeaving ? 'device--leaving' : ''}`}
      aria-labelledby={heading}
      aria-hidden={isLeaving || undefined}
      inert={isLeaving}
    >
      <span className="device__icon">
        <Icon name={deviceIcon(device)} size={24} />
      </span>
      <div className="device__body">
        <h2 className="device__name" id={heading}>
          {deviceName(device)}
          {device.current && <Badge tone="good">This device</Badge>}
        </h2>
        <p className="device__facts">
          {detail && <span>{detail}</span>}
          <span>
            <span className="visually-hidden">Address </span>
            {device.ipAddress ?? 'address unknown'}
          </span>
          <span>
            {device.current ? (
              'Active now'
            ) : (
              <>
                Last seen <Time at={device.lastSeenAt} />
              </>
            )}
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
        <Button
          tone="quiet"
          aria-label={`Log out ${deviceName(device)}${device.current ? ', this device' : ''}`}
          onClick={() => (onLogout === null ? void client.logout() : onLogout())}
        >
          Log out
        </Button>
      </div>
    </li>
  );
}
