/** How long what was ended may still be accepted: what the server promises, and what it cannot, before anything is ended. */

import type { ServerInfo } from '../../data/server-info.js';
import { duration } from '../../data/times.js';

/** As a sentence or two; null while it is not known what the server promises. */
export function residual(info: ServerInfo | null): string | null {
  if (info === null) return null;
  const last = duration(info.accessTokenLifetime);
  switch (info.sessionModel) {
    case 'STATEFUL':
      return 'What is ended is refused from the next request on, everywhere.';
    case 'STATELESS':
      return `This server keeps no list of devices, so it cannot refuse a copy of a token that is out: whoever has one goes on with it, and renews it, for up to ${duration(info.absoluteLifetime)} after the sign-in.`;
    default:
      return `This server refuses what is ended at once, and every process of it within ${duration(info.maxStaleness)}. Another service that only reads the public keys may accept a last access token for up to ${last}.`;
  }
}
