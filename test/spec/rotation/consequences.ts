/**
 * What must hold in every schedule: the five consequences of the rotation design, and that garbage changes nothing.
 * Looked at after each request that was served. Works from the explorer's own book-keeping, never from the judge.
 */

import type { Row } from './database.js';
import { POLICY, type Reply, type RotationServer, STARTS_AT } from './server.js';
import {
  type ClientKind,
  type Moment,
  type Party,
  present,
  type Request,
  type Use,
  type World,
} from './world.js';

/** 1 to 5 as numbered in the design; 0 is the table's first row. */
export type Consequence = 0 | 1 | 2 | 3 | 4 | 5;

export const CONSEQUENCES: Readonly<Record<Consequence, string>> = {
  0: 'garbage changes nothing',
  1: 'of concurrent refreshes of one token exactly one rotates, and all get the same successor',
  2: 'no schedule of a client that keeps its keys logs it out',
  3: 'when thief and owner both refresh, the session ends',
  4: 'logout, logout-all and expiry win over every grace',
  5: 'rotation extends nothing',
};

export interface Violation {
  readonly consequence: Consequence;
  readonly what: string;
}

export interface Observation {
  /** As it was before the request was served. */
  readonly world: World;
  readonly client: ClientKind;
  readonly request: Request;
  readonly reply: Reply;
  readonly after: Row;
  readonly granted: RotationServer['granted'];
}

export function violationIn(seen: Observation): Violation | null {
  const { reply, request, world } = seen;
  const basis = basisOf(seen);
  if (isDead(basis, world.now)) {
    if (reply.kind === 'ended' && sameRow(seen.after, present(world).row)) return null;
    return { consequence: 4, what: `a dead session's answer was ${kindOf(reply)}` };
  }
  switch (reply.kind) {
    case 'stuck':
      return { consequence: 1, what: 'the request was never answered' };
    case 'invalid':
    case 'ended':
      return { consequence: 2, what: `a genuine token of a live session was called ${reply.kind}` };
    case 'reused':
      return reuseViolation(seen, basis);
    case 'renewed':
      return (
        successorViolation(seen, reply) ??
        theftViolation(request, reply.verdict, basis, seen) ??
        extensionViolation(seen, reply.carried)
      );
  }
}

/** What a forged token may do. */
export function garbageViolation(
  before: Row,
  { reply, after }: { reply: Reply; after: Row },
): Violation | null {
  if (reply.kind === 'invalid' && sameRow(before, after)) return null;
  return { consequence: 0, what: `a forged token was called ${kindOf(reply)}` };
}

/**
 * The rows that the verdict was formed on. A request that read them earlier is judged by what it read, unless that
 * asked for a swap: then the present decides.
 */
function basisOf({ world, request }: Observation): Moment {
  const { read } = request;
  if (read === null) return present(world);
  return isDead(read, world.now) || request.generation < read.row.generation ? read : present(world);
}

function isDead({ ended, rotatedAt, row }: Moment, now: number): boolean {
  return ended || now >= rotatedAt + POLICY.idleTtlMs || now >= row.createdAt + POLICY.absoluteTtlMs;
}

/** (1) */
function successorViolation(
  { world, request, after }: Observation,
  reply: Extract<Reply, { kind: 'renewed' }>,
): Violation | null {
  const before = present(world).row;
  const wrong = (what: string): Violation => ({ consequence: 1, what });
  if (reply.successor !== request.generation + 1)
    return wrong(`token ${request.generation} was answered with token ${reply.successor}`);
  if (!reply.sameAsBefore) return wrong('one generation had two tokens');
  if (reply.verdict === 'replay') return sameRow(before, after) ? null : wrong('a replay changed the row');
  if (after.generation !== reply.successor || after.generation <= before.generation)
    return wrong(`a rotation took the row from ${before.generation} to ${after.generation}`);
  return after.lastSeenAt === world.now ? null : wrong('the time of the rotation was not noted');
}

/** (1) and (2): when an owner alone may meet `reuse`. */
function reuseViolation({ world, client, request, after }: Observation, basis: Moment): Violation | null {
  if (after.endedAt === null && !present(world).ended)
    return { consequence: 3, what: 'reuse was found and the session lives on' };
  if (world.thiefActed || request.by === 'thief') return null;
  if (client.startsWith('sdk'))
    return { consequence: 2, what: `token ${request.generation} with its own key was called reuse` };
  const oneBehind = request.generation === basis.row.generation - 1;
  if (oneBehind && world.now - basis.rotatedAt <= POLICY.graceMs)
    return { consequence: 1, what: 'the loser of a race was called a thief within the grace' };
  return request.generation < basis.row.generation
    ? null
    : { consequence: 1, what: 'the newest token was called reuse' };
}

/**
 * (3): a token at or behind one that the other party has used up ends the session. The one exception is a request
 * without a key, for exactly that token, within the grace, of a session whose client may be a plain one.
 * Where a crash or a restored copy has lost rotations, at most one refresh more is answered for each rotation lost.
 */
function theftViolation(
  request: Request,
  verdict: 'rotate' | 'replay',
  basis: Moment,
  { world, client }: Observation,
): Violation | null {
  const used = lastUseAtOrAbove(basis.used, other(request.by), request.generation);
  const names = `the ${request.by}'s refresh with token ${request.generation}`;
  if (used !== null && !mayShare(used, request, basis, { now: world.now, client, verdict }))
    return { consequence: 3, what: `${names} was answered after the ${used.by} had used that token up` };
  if (verdict === 'rotate' && world.behind[request.by] && world.allowance <= 0)
    return { consequence: 3, what: `${names} was answered although the other party has gone on` };
  return null;
}

function mayShare(
  used: Use,
  request: Request,
  basis: Moment,
  { now, client, verdict }: { now: number; client: ClientKind; verdict: 'rotate' | 'replay' },
): boolean {
  const plainClient = client === 'tabs' || client === 'sdk-cookie' || !basis.keyed;
  const sameToken = used.generation === request.generation;
  const inTime = now - used.at <= POLICY.graceMs;
  return verdict === 'replay' && request.key === null && plainClient && sameToken && inTime;
}

function lastUseAtOrAbove(used: readonly Use[], by: Party, generation: number): Use | null {
  return used.findLast((use) => use.by === by && use.generation >= generation) ?? null;
}

/** (5) */
function extensionViolation(
  { granted, after }: Observation,
  { accessExpiry, refreshExpiry, ...carried }: Extract<Reply, { kind: 'renewed' }>['carried'],
): Violation | null {
  const absolute = STARTS_AT + POLICY.absoluteTtlMs;
  const same = Object.entries(granted).every(
    ([claim, value]) => carried[claim as keyof typeof carried] === value,
  );
  if (!same) return { consequence: 5, what: `the claims became ${JSON.stringify(carried)}` };
  if (after.expiresAt !== absolute || after.createdAt !== STARTS_AT)
    return { consequence: 5, what: 'the row was extended' };
  if (accessExpiry * 1000 > absolute || refreshExpiry > absolute)
    return { consequence: 5, what: 'a token outlives its session' };
  return null;
}

function other(party: Party): Party {
  return party === 'owner' ? 'thief' : 'owner';
}

function kindOf(reply: Reply): string {
  if (reply.kind === 'stuck') return 'none at all';
  return reply.kind === 'renewed' ? reply.verdict : reply.kind;
}

function sameRow(a: Row, b: Row): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
