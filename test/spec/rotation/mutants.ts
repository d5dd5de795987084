/**
 * Wrong judges, each with one plausible mistake. The explorer must find a schedule in which each breaks a consequence:
 * that is how we know that it would notice.
 */

import { diesAt } from '../../../src/entities/session.js';
import { deadBecause, type Judge, judge, type RefreshPolicy } from '../../../src/session/judge.js';
import type { FoundSession } from '../../../src/store/ports/sessions.js';
import type { Consequence } from './consequences.js';
import type { Memory } from './machine.js';
import type { ClientKind, Setting } from './world.js';

export interface Mutant {
  readonly name: string;
  readonly breaks: Consequence;
  /** Where to look for it. */
  readonly setting: Setting;
  readonly depth: number;
  readonly judge: (memory: Memory) => Judge;
}

const NEVER = Number.MAX_SAFE_INTEGER;

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the grace has no bound',
    breaks: 3,
    ...thief('plain', 5),
    judge: () => withPolicy((policy) => ({ ...policy, graceMs: NEVER })),
  },
  {
    name: 'the grace begins anew with each presentation',
    breaks: 3,
    ...thief('tabs', 5),
    judge: (memory) => (found, presented, now, policy) => {
      const live = found !== null && deadBecause(found, now, policy) === null;
      const lastSeenAt = Math.max(memory.value, found?.session.lastSeenAt ?? 0);
      const seen = live ? { ...found, session: { ...found.session, lastSeenAt } } : found;
      const verdict = judge(seen, presented, now, policy);
      if (verdict.kind === 'replay' || verdict.kind === 'rotate') memory.value = now;
      return verdict;
    },
  },
  {
    name: 'there is no grace',
    breaks: 1,
    ...alone('tabs', 5),
    judge: () => withPolicy((policy) => ({ ...policy, graceMs: -1 })),
  },
  {
    name: 'the key of a retry is ignored',
    breaks: 2,
    ...alone('sdk-body', 6),
    judge: () => (found, presented, now, policy) =>
      judge(found, presented.kind === 'readable' ? { ...presented, keyHash: null } : presented, now, policy),
  },
  {
    name: 'a key that matches is only good within the grace',
    breaks: 2,
    ...alone('sdk-cookie', 6),
    judge: () => (found, presented, now, policy) => {
      const verdict = judge(found, presented, now, policy);
      const late = found !== null && now - found.session.lastSeenAt > policy.graceMs;
      return verdict.kind === 'replay' && late ? { kind: 'reuse' } : verdict;
    },
  },
  {
    name: 'any key is good on the token before',
    breaks: 3,
    ...thief('sdk-body', 5),
    judge: () => (found, presented, now, policy) =>
      judge(
        matchingKey(found, presented.kind === 'readable' ? presented.keyHash : null),
        presented,
        now,
        policy,
      ),
  },
  {
    name: 'tokens two behind and older are replayed',
    breaks: 1,
    ...alone('tabs', 6),
    judge: () => (found, presented, now, policy) => {
      const verdict = judge(found, presented, now, policy);
      return verdict.kind === 'reuse' && found !== null && isOlder(found, presented)
        ? { kind: 'replay', generation: found.session.generation }
        : verdict;
    },
  },
  {
    name: 'a token ahead of the row is called reuse',
    breaks: 2,
    ...alone('sdk-body', 5),
    judge: () => (found, presented, now, policy) => {
      const verdict = judge(found, presented, now, policy);
      return verdict.kind === 'rotate' && verdict.to > verdict.from + 1 ? { kind: 'reuse' } : verdict;
    },
  },
  {
    name: 'a token ahead of the row rotates from the row',
    breaks: 1,
    ...alone('plain', 5),
    judge: () => (found, presented, now, policy) => {
      const verdict = judge(found, presented, now, policy);
      return verdict.kind === 'rotate' ? { ...verdict, to: verdict.from + 1 } : verdict;
    },
  },
  {
    name: 'the token before rotates once more',
    breaks: 1,
    ...alone('tabs', 5),
    judge: () => (found, presented, now, policy) => {
      const verdict = judge(found, presented, now, policy);
      return verdict.kind === 'replay'
        ? { kind: 'rotate', from: verdict.generation, to: verdict.generation + 1 }
        : verdict;
    },
  },
  {
    name: 'whether the session has ended is asked after the replay',
    breaks: 4,
    ...alone('sdk-cookie', 6),
    judge: () => (found, presented, now, policy) => {
      const revived = judge(found && revive(found, now, policy), presented, now, policy);
      return revived.kind === 'replay' ? revived : judge(found, presented, now, policy);
    },
  },
  {
    name: 'the epoch is ignored',
    breaks: 4,
    ...alone('plain', 4),
    judge: () => (found, presented, now, policy) =>
      judge(
        found && { ...found, user: { ...found.user, epoch: found.session.epoch } },
        presented,
        now,
        policy,
      ),
  },
  {
    name: 'the idle expiry is ignored',
    breaks: 4,
    ...alone('plain', 4),
    judge: () => withPolicy((policy) => ({ ...policy, idleTtlMs: NEVER })),
  },
  {
    name: 'the absolute expiry is ignored',
    breaks: 4,
    ...alone('plain', 5),
    judge: () => (found, presented, now, policy) =>
      judge(found && { ...found, session: { ...found.session, expiresAt: NEVER } }, presented, now, policy),
  },
  {
    name: 'garbage ends the session',
    breaks: 0,
    ...alone('plain', 2),
    judge: () => (found, presented, now, policy) => {
      const verdict = judge(found, presented, now, policy);
      return verdict.kind === 'invalid' ? { kind: 'reuse' } : verdict;
    },
  },
  {
    name: 'clients that keep keys have the grace of plain ones, too',
    breaks: 3,
    ...thief('sdk-body', 5),
    judge: () => (found, presented, now, policy) =>
      judge(found && { ...found, session: { ...found.session, keyed: false } }, presented, now, policy),
  },
  {
    name: 'a key on the token before is no bar to the grace',
    breaks: 3,
    ...thief('tabs', 5),
    judge: () => (found, presented, now, policy) => {
      const verdict = judge(found, presented, now, policy);
      if (verdict.kind !== 'reuse' || presented.kind === 'malformed') return verdict;
      return judge(found, { ...presented, keyHash: null }, now, policy);
    },
  },
  {
    name: 'reuse is refused but the session is left alone',
    breaks: 2,
    ...thief('sdk-body', 5),
    judge: () => (found, presented, now, policy) => {
      const verdict = judge(found, presented, now, policy);
      return verdict.kind === 'reuse' ? { kind: 'invalid' } : verdict;
    },
  },
];

function alone(client: ClientKind, depth: number): { setting: Setting; depth: number } {
  return { setting: { client, thief: false, rewinds: 1, copies: 1, ticks: 2 }, depth };
}

function thief(client: ClientKind, depth: number): { setting: Setting; depth: number } {
  return { setting: { client, thief: true, rewinds: 0, copies: 0, ticks: 2 }, depth };
}

function withPolicy(change: (policy: RefreshPolicy) => RefreshPolicy): Judge {
  return (found, presented, now, policy) => judge(found, presented, now, change(policy));
}

function matchingKey(found: FoundSession | null, keyHash: Uint8Array | null): FoundSession | null {
  return found && { ...found, session: { ...found.session, rotationKeyHash: keyHash } };
}

function isOlder({ session }: FoundSession, presented: Parameters<Judge>[1]): boolean {
  return presented.kind === 'readable' && presented.generation < session.generation - 1;
}

function revive(found: FoundSession, now: number, policy: RefreshPolicy): FoundSession {
  const { session, user } = found;
  const idle = diesAt(session, policy.idleTtlMs) <= now;
  return {
    session: {
      ...session,
      life: { kind: 'live' },
      epoch: user.epoch,
      expiresAt: NEVER,
      lastSeenAt: idle ? now : session.lastSeenAt,
    },
    user,
  };
}
