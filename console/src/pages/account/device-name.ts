/** What a device is called, and which kind it looks like, from what is known of it. */

import type { DeviceFragment } from '../../generated/graphql.js';
import type { IconName } from '../../kit/icon.js';

type Named = Pick<DeviceFragment, 'deviceName' | 'clientLabel'>;

/** The name that it gave itself, else what its browser told, else that nothing is known. */
export function deviceName({ deviceName, clientLabel }: Named): string {
  return deviceName ?? clientLabel ?? 'Unknown device';
}

/** What its browser told, where that says more than the name. */
export function deviceDetail({ deviceName, clientLabel }: Named): string | null {
  return deviceName !== null && clientLabel !== null && deviceName !== clientLabel ? clientLabel : null;
}

export function deviceIcon({ deviceName, clientLabel }: Named): IconName {
  const text = `${deviceName ?? ''} ${clientLabel ?? ''}`;
  if (/ipad|tablet/i.test(text)) return 'tablet';
  if (/iphone|android|\bios\b|phone|pixel/i.test(text)) return 'phone';
  if (clientLabel === null && /terminal|cli|server|script|curl/i.test(text)) return 'terminal';
  return clientLabel === null && deviceName === null ? 'terminal' : 'laptop';
}
