/**
 * A request in each world: what is looked up, what is only read, and when it takes a refresh first. Whether a session lives
 * is decided by the server's own functions (`judge`, `deadBecause`).
 */

import { deadBecause, judge } from '../../../../src/session/judge.js';
import { POLICY } from './simulated-row.js';
import { type Held, issued, said, type World } from './world.js';

export function request(world: World, who: 'owner' | 'thief'): World {
  const held = world[who];
  if (held === null)
    return said(
      world,
      'no',
      who === 'owner' ? 'Logged out: there is no token to show.' : 'The thief has nothing.',
    );
  return { stateful: lookUp, stateless: readAlone, hybrid: readOrRefresh }[world.model](world, who, held);
}

type Decide = (world: World, who: 'owner' | 'thief', held: Held) => World;

const lookUp: Decide = (world, who) => {
  const asked = { ...world, reads: world.reads + 1 };
  const because = deadBecause(world.found, world.now, POLICY);
  if (because !== null) return said({ ...asked, [who]: null }, 'no', 'Looked up, and found ended.');
  const found = { ...world.found, session: { ...world.found.session, lastSeenAt: world.now } };
  return said({ ...asked, found }, 'yes', 'Looked up: the row is alive.');
};

const readAlone: Decide = (world, who, held) => {
  if (held.isOldKey)
    return said({ ...world, [who]: null }, 'no', 'Signed by a key that is revoked: sign in again.');
  return said(world, 'yes', 'Signature good, not expired. Nobody was asked.');
};

const readOrRefresh: Decide = (world, who, held) => {
  const { found, now } = world;
  const isEnded = found.session.life.kind === 'ended' || found.session.epoch !== found.user.epoch;
  const isListed = isEnded && !held.isForged;
  const isFresh = held.expiresAt > now && !held.isOldKey;
  if (isFresh && !isListed)
    return said(world, 'yes', 'Signature good, not expired, not on the list. The database was not asked.');
  if (held.generation === null) {
    const why = isListed
      ? 'The session is on the list of what has ended.'
      : 'The token is dead, and buys nothing.';
    return said({ ...world, [who]: null }, 'no', why);
  }
  return refresh(world, who, held.generation);
};

function refresh(world: World, who: 'owner' | 'thief', generation: number): World {
  const { found, now } = world;
  const keyHash = new TextEncoder().encode(`attempt ${world.attempts}`);
  const asked = { ...world, attempts: world.attempts + 1, reads: world.reads + 1 };
  const verdict = judge(found, { kind: 'readable', generation, genuine: true, keyHash }, now, POLICY);
  if (verdict.kind === 'rotate') {
    const rotated = { generation: verdict.to, lastSeenAt: now, rotationKeyHash: keyHash, keyed: true };
    const session = { ...found.session, ...rotated };
    const next = { ...asked, writes: asked.writes + 1, found: { ...found, session } };
    return said(
      { ...next, [who]: issued(now, verdict.to) },
      'yes',
      `Refreshed: token ${verdict.to}, one look-up.`,
    );
  }
  if (verdict.kind === 'reuse') {
    const life = { kind: 'ended', at: now, reason: 'reuse' } as const;
    const next = {
      ...asked,
      writes: asked.writes + 1,
      found: { ...found, session: { ...found.session, life } },
    };
    return said({ ...next, [who]: null }, 'no', 'A used refresh token: reuse. The session ends for both.');
  }
  return said(
    { ...asked, [who]: null },
    'no',
    'Refused at once, and the refresh too: the session has ended.',
  );
}
