/** A device as a ticket: what it is on the paper, and behind the perforation what can be done to it. */

import { type ReactNode, useId } from 'react';
import type { DeviceFragment } from '../../generated/graphql.js';
import { Badge, Icon, Serial, Time } from '../../kit/index.js';
import { deviceDetail, deviceIcon, deviceName } from './device-name.js';

export function DeviceTicket({
  device,
  level,
  isLeaving = false,
  children,
}: {
  readonly device: DeviceFragment;
  /** Of its heading: below that of the page, or of a section. */
  readonly level: 2 | 3;
  /** Torn off: it is gone, and only its leaving is drawn. */
  readonly isLeaving?: boolean;
  /** What can be done to it. */
  readonly children: ReactNode;
}): ReactNode {
  const heading = useId();
  const detail = deviceDetail(device);
  const Heading = level === 2 ? 'h2' : 'h3';
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
        <Heading className="device__name" id={heading}>
          {deviceName(device)}
          {device.current && <Badge tone="good">This device</Badge>}
        </Heading>
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
        {children}
      </div>
    </li>
  );
}
