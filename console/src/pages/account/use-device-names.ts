/** What the live devices are called, by their ids: for pages that are told of sessions by id only. */

import { useMemo } from 'react';
import { useQuery } from '../../data/use-query.js';
import { ViewerDevicesDocument } from '../../generated/graphql.js';
import { deviceName } from './device-name.js';

/** As many as the API gives at once; what is older is told by its number. */
const MOST = { first: 100 };

export interface KnownDevice {
  readonly name: string;
  readonly current: boolean;
}

/** Null of a device that is not signed in any more. */
export function useDeviceNames(): (id: string) => KnownDevice | null {
  const { data } = useQuery(ViewerDevicesDocument, MOST);
  return useMemo(() => {
    const devices = data?.viewer?.sessions.edges.map(({ node }) => node) ?? [];
    const known = new Map(
      devices.map((device) => [device.id, { name: deviceName(device), current: device.current }]),
    );
    return (id) => known.get(id) ?? null;
  }, [data]);
}
