/** A server whose feed is fed by hand: entries by the thousand, without a sign-in for each. */

import type { AddressInfo } from 'node:net';
import type { SessionId } from '../../../src/entities/identifier.js';
import type { RevocationEntry } from '../../../src/entities/revocation.js';
import type { FeedLimits } from '../../../src/http/parts.js';
import { FEED_LIMITS } from '../../../src/http/revocations.js';
import { createServer } from '../../../src/http/server.js';
import { RevocationFeed } from '../../../src/revocation/feed.js';
import { RevocationFilter } from '../../../src/revocation/filter.js';
import { systemRandomness } from '../../../src/system/randomness.js';
import { type FakeClock, fakeClock, startCounterfoil } from '../../support/counterfoil.js';
import { newVerifier } from '../../support/feed.js';

const LIFE_MS = 330_000;

/** The nth session of all, as an identifier. */
export function sessionNumbered(n: number): SessionId {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(n);
  return bytes.toString('base64url') as SessionId;
}

export function createSource(clock: FakeClock = fakeClock(), stalenessMs: () => number = () => 0) {
  const filter = new RevocationFilter();
  const feed = new RevocationFeed({ filter, clock, randomness: systemRandomness, stalenessMs });
  /** What the tail does with an entry. */
  function hear(entry: RevocationEntry): void {
    if (entry.revocation.kind === 'keys-changed') feed.take(entry);
    else if (filter.apply(entry)) feed.take(entry);
  }
  let sequence = 0;
  return {
    clock,
    filter,
    feed,
    hear,
    /** Ends the next session; returns its id. */
    endOne(): SessionId {
      sequence += 1;
      const sessionId = sessionNumbered(sequence);
      const at = clock.now();
      hear({ sequence, at, until: at + LIFE_MS, revocation: { kind: 'session-ended', sessionId } });
      return sessionId;
    },
  };
}

export async function startFeed(limits: Partial<FeedLimits> = {}) {
  const counterfoil = await startCounterfoil();
  const source = createSource();
  const feedLimits = { ...FEED_LIMITS, ...limits };
  const parts = { ...counterfoil.app.http, feed: source.feed, feedLimits };
  const server = await createServer(counterfoil.schema, parts);
  await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    ...source,
    app: counterfoil.app,
    port: (server.server.address() as AddressInfo).port,
    newVerifier: () => newVerifier(counterfoil.app),
    stop: async () => {
      await server.close();
      await counterfoil.stop();
    },
  };
}
