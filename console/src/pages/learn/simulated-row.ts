/** The row of a made-up session and user, of the shape that the server keeps, and the default policy it is judged by. */

import type { Delivery } from '../../../../src/entities/session.js';
import type { judge, RefreshPolicy } from '../../../../src/session/judge.js';

export type FoundSession = NonNullable<Parameters<typeof judge>[0]>;

export const GRACE_MS = 30_000;
const DAY_MS = 86_400_000;
export const POLICY: RefreshPolicy = { graceMs: GRACE_MS, idleTtlMs: 14 * DAY_MS };

/** Just signed in, at the time 0. */
export function fresh(delivery: Delivery): FoundSession {
  const userId = 'learner' as FoundSession['user']['id'];
  return {
    user: {
      id: userId,
      email: 'learner@example.test',
      name: 'Learner',
      roles: ['USER'],
      epoch: 0,
      standing: { kind: 'active' },
      createdAt: 0,
    },
    session: {
      id: 'session' as FoundSession['session']['id'],
      userId,
      epoch: 0,
      generation: 0,
      salt: new Uint8Array(16),
      delivery,
      client: { deviceName: null, clientLabel: null, ipAddress: null },
      createdAt: 0,
      lastSeenAt: 0,
      expiresAt: 90 * DAY_MS,
      rotationKeyHash: null,
      keyed: false,
      life: { kind: 'live' },
    },
  };
}
