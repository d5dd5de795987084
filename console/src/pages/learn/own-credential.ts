/** What is known of one's own session, whatever the model. */

import type { ServerInfo } from '../../data/server-info.js';

export interface OwnCredential {
  readonly info: ServerInfo;
  /** By the server's clock; milliseconds. */
  readonly now: number;
  readonly sessionId: string;
}
