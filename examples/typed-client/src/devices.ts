/**
 * Somebody's devices, by documents that know their types: variables that do not fit do not compile, and what comes back
 * has the shape that was asked for. Staying signed in is the client's business.
 */

import type { SessionClient } from 'counterfoil/client';
import {
  LogoutAllDevicesDocument,
  ViewerDevicesDocument,
  type ViewerDevicesQuery,
} from './generated/graphql.js';

export type Viewer = NonNullable<ViewerDevicesQuery['viewer']>;

/** Null where the account is gone. Rejects with a `ClientError`, also where nobody is signed in. */
export async function viewerDevices(client: SessionClient): Promise<Viewer | null> {
  const { viewer } = await client.request(ViewerDevicesDocument, { first: 10 });
  return viewer;
}

/** Logs out all devices but this one, and says what came of it. */
export async function logOutOthers(client: SessionClient): Promise<string> {
  const input = { exceptCurrent: true };
  const { logoutAllDevices } = await client.request(LogoutAllDevicesDocument, { input });
  // A payload that is not dealt with is a function that may return nothing, which does not compile.
  switch (logoutAllDevices.__typename) {
    case 'LogoutAllDevicesSuccess':
      client.adopt(logoutAllDevices.tokens);
      return `${logoutAllDevices.sessionsEnded} logged out`;
    case 'Throttled':
      return `${logoutAllDevices.message} Try again in ${logoutAllDevices.retryAfter} s.`;
    case 'UnsupportedByModel':
      return logoutAllDevices.message;
  }
}
