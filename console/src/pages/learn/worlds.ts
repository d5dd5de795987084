/**
 * One evening in three worlds: the same deeds under each session model, and what comes of them. Whether a session lives is
 * decided by the server's own functions (`judge`, `deadBecause`); what is modelled is who holds what. Pure.
 */

import type { ModelName } from '../../../../src/entities/session-model.js';
import { deadBecause, judge } from '../../../../src/session/judge.js';
import { type FoundSession, fresh, POLICY } from './simulated-row.js';

export const DEEDS = [
  'request',
  'steal',
  'thief-request',
  'logout',
  'logout-everywhere',
  'wait',
  'leak-key',
  'forge',
  'revoke-key',
] as const;
export type Deed = (typeof DEEDS)[number];

export interface Answer {
  readonly kind: 'yes' | 'no' | 'done' | 'cannot';
  readonly text: string;
}

interface Held {
  /** Of the signed token; never, where it is opaque. */
  readonly expiresAt: number;
  /** Whether the key that signed it has been revoked since. */
  readonly isOldKey: boolean;
  /** Made by whoever has the signing key: it names any session and any epoch that he likes. */
  readonly isForged: boolean;
  /** Of the refresh token; null where there is none. */
  readonly generation: number | null;
}

export interface World {
  readonly model: ModelName;
  readonly now: number;
  readonly found: FoundSession;
  readonly owner: Held | null;
  readonly thief: Held | null;
  /** Whether the signing key is out. */
  readonly isKeyOut: boolean;
  readonly attempts: number;
  /** How often the database was asked about a session, and written to. */
  readonly reads: number;
  readonly writes: number;
  readonly last: Answer | null;
}

const TOKEN_MS = 300_000;
const WAIT_MS = 360_000;

export function beginWorld(model: ModelName): World {
  return {
    model,
    now: 0,
    found: fresh('cookie'),
    owner: issued(0, model === 'hybrid' ? 0 : null),
    thief: null,
    isKeyOut: false,
    attempts: 0,
    reads: 0,
    writes: model === 'stateless' ? 0 : 1,
    last: null,
  };
}

function issued(now: number, generation: number | null): Held {
  return { expiresAt: now + TOKEN_MS, isOldKey: false, isForged: false, generation };
}

export function doDeed(world: World, deed: Deed): World {
  switch (deed) {
    case 'request':
      return request(world, 'owner');
    case 'thief-request':
      return request(world, 'thief');
    case 'steal':
      if (world.owner === null) return said(world, 'no', 'There is nothing left to copy.');
      return said(
        { ...world, thief: world.owner },
        'done',
        'The thief holds a copy of all that the device has.',
      );
    case 'logout':
      return logout(world);
    case 'logout-everywhere':
      return logoutEverywhere(world);
    case 'wait':
      return wait(world);
    case 'leak-key':
      if (world.model === 'stateful')
        return said({ ...world, isKeyOut: true }, 'done', 'The key signs nothing that matters here.');
      return said({ ...world, isKeyOut: true }, 'done', 'The thief can sign whatever he likes.');
    case 'forge':
      return forge(world);
    case 'revoke-key':
      return revokeKey(world);
  }
}

function said(world: World, kind: Answer['kind'], text: string): World {
  return { ...world, last: { kind, text } };
}

function request(world: World, who: 'owner' | 'thief'): World {
  const held = world[who];
  if (held === null)
    return said(
      world,
      'no',
      who === 'owner' ? 'Signed out: there is no token to show.' : 'The thief has nothing.',
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

function logout(world: World): World {
  const gone = { ...world, owner: null };
  if (world.owner === null) return said(world, 'no', 'Signed out already.');
  if (world.model === 'stateless')
    return said(gone, 'cannot', 'The device forgets its token. The server knows nothing of it.');
  const life = { kind: 'ended', at: world.now, reason: 'logout' } as const;
  const found = { ...world.found, session: { ...world.found.session, life } };
  const text =
    world.model === 'stateful'
      ? 'The row is ended. The next request finds that out.'
      : 'The row is ended and put on the list, which every process reads within 5 s.';
  return said({ ...gone, found, writes: world.writes + 1 }, 'done', text);
}

function logoutEverywhere(world: World): World {
  if (world.owner === null) return said(world, 'no', 'Signed out already.');
  if (world.model === 'stateless')
    return said(world, 'cannot', 'UnsupportedByModel: no sessions are kept, so none can be ended.');
  const user = { ...world.found.user, epoch: world.found.user.epoch + 1 };
  const next = { ...world, owner: null, found: { ...world.found, user }, writes: world.writes + 1 };
  return said(next, 'done', 'The epoch goes up by one. All devices are out, however many.');
}

/** Time passes, and whoever has a token goes on using it: clients renew in time. */
function wait(world: World): World {
  let next: World = { ...world, now: world.now + WAIT_MS };
  const told: string[] = [];
  for (const who of ['owner', 'thief'] as const) {
    const held = next[who];
    if (held === null) continue;
    if (world.model === 'stateless' && !held.isOldKey) {
      next = { ...next, [who]: { ...held, expiresAt: next.now + TOKEN_MS } };
      told.push(`${NAMES[who]} is in: each good token has bought the next.`);
      continue;
    }
    next = request(next, who);
    told.push(
      `${NAMES[who]} is ${next.last?.kind === 'yes' ? 'in' : 'out'}: ${lowered(next.last?.text ?? '')}`,
    );
  }
  return said(next, 'done', told.length === 0 ? 'Nobody is there.' : told.join(' '));
}

const NAMES = { owner: 'The owner', thief: 'The thief' } as const;

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function forge(world: World): World {
  if (!world.isKeyOut) return said(world, 'no', 'Without the key no signature fits.');
  if (world.model === 'stateful')
    return said(world, 'no', 'There is nothing to forge: tokens are random, and looked up.');
  const next = { ...world, thief: { ...issued(world.now, null), isForged: true } };
  const text =
    world.model === 'hybrid'
      ? 'A forged access token is taken for real. It buys no refresh token.'
      : 'A forged token is taken for real, and buys the next one.';
  return said(next, 'yes', text);
}

function revokeKey(world: World): World {
  const old = (held: Held | null) => held && { ...held, isOldKey: true };
  const next = { ...world, isKeyOut: false };
  if (world.model === 'stateful') return said(next, 'done', 'Nobody notices.');
  const text =
    world.model === 'hybrid'
      ? 'All signed tokens die. Refresh tokens do not hang on that key: honest devices refresh, and notice nothing.'
      : 'All tokens die, the honest ones too. Everybody signs in again.';
  return said({ ...next, owner: old(world.owner), thief: old(world.thief) }, 'done', text);
}
