/** Logs out one other device, after saying what that does. */

import type { ReactNode } from 'react';
import { type DeviceFragment, LogoutDeviceDocument } from '../../generated/graphql.js';
import { announce, Confirm } from '../../kit/index.js';
import { ask } from '../../session/client.js';
import { DeadBy } from './dead-by.js';
import { deviceName } from './device-name.js';

export function LogoutDevice({
  device,
  onClose,
  onDone,
}: {
  readonly device: DeviceFragment | null;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const name = device === null ? '' : deviceName(device);

  async function logout(): Promise<void> {
    if (device === null) return;
    const { logoutDevice } = await ask(LogoutDeviceDocument, { input: { sessionId: device.id } });
    if (logoutDevice.__typename === 'LogoutDeviceSuccess')
      announce({ tone: 'good', title: `${name} is logged out`, isBrief: true });
    else if (logoutDevice.__typename === 'SessionNotFound')
      announce({ tone: 'info', title: `${name} was logged out already`, isBrief: true });
    else announce({ tone: 'warning', title: 'This server cannot do that', text: logoutDevice.message });
    onClose();
    await onDone();
  }

  return (
    <Confirm
      title={`Log out ${name}?`}
      action="Log out"
      isOpen={device !== null}
      onClose={onClose}
      onConfirm={logout}
    >
      <p>It will be at its sign-in page, and needs your password to come back.</p>
      <DeadBy />
    </Confirm>
  );
}
