/**
 * What may happen to the key ring, as pure plans on one revision: the first keys, a rotation, a revocation, and what
 * falls due with time. Owns the rules of DESIGN §5 (a standby is published at least `publishLeadMs` before it signs; a
 * retired key stays until its last token is dead); writes nothing. Applied by the operations in `account/`.
 */

import { auditEvent } from '../entities/audit.js';
import type { KeyPolicy, KeyRingChange, StoredKeyRing } from '../entities/key-ring.js';
import { CLOCK_MARGIN_MS } from '../entities/revocation.js';
import type { SigningAlgorithm, StoredRefreshSecret, StoredSigningKey } from '../entities/signing-key.js';

/** Makes a standby key; null where the runtime lacks the algorithm. */
export type MakeKey = (algorithm: SigningAlgorithm) => Promise<StoredSigningKey | null>;

/** What a plan is made with: a way to make keys, the rules, and the time. */
export interface Planning {
  readonly make: MakeKey;
  readonly policy: KeyPolicy;
  readonly now: number;
}

export interface RotationPlan {
  readonly change: KeyRingChange | null;
  readonly active: StoredSigningKey;
  readonly retired: StoredSigningKey | null;
  readonly standby: StoredSigningKey;
  readonly activatesAt: number;
}

export interface RotationWish {
  /** The present algorithm when null. */
  readonly algorithm: SigningAlgorithm | null;
  /** Promote at once, published long enough or not. */
  readonly force: boolean;
}

export function activeKey(ring: StoredKeyRing): StoredSigningKey {
  const active = ring.keys.find((key) => key.state.kind === 'active');
  if (active === undefined) throw new Error('The key ring has no active signing key.');
  return active;
}

export function standbyKey(ring: StoredKeyRing): StoredSigningKey | null {
  return ring.keys.find((key) => key.state.kind === 'standby') ?? null;
}

/** Promotes the standby if it is due or forced, else schedules it. Null where the runtime lacks the algorithm. */
export async function planRotation(
  ring: StoredKeyRing,
  wish: RotationWish,
  planning: Planning,
): Promise<RotationPlan | null> {
  const { make, policy, now } = planning;
  const active = activeKey(ring);
  const algorithm = wish.algorithm ?? active.algorithm;
  const present = standbyKey(ring);
  const standby = present?.algorithm === algorithm ? present : await make(algorithm);
  if (standby === null) return null;
  const displaced = present !== null && present !== standby ? [present.kid] : [];
  const readyAt = standby.publishedAt + policy.publishLeadMs;
  if (wish.force || readyAt <= now) return planPromotion(ring, standby, displaced, planning);

  const scheduled = withState(standby, { kind: 'standby', activatesAt: readyAt });
  const already = standby.state.kind === 'standby' && standby.state.activatesAt === readyAt;
  const change = changeOf(ring, now, {
    put: [scheduled],
    drop: displaced,
    audit: ['key.scheduled', standby.kid],
  });
  return { change: already ? null : change, active, retired: null, standby: scheduled, activatesAt: readyAt };
}

/** The rotation that the ring shows to have happened, for those who asked for one and came too late to do it. */
export function rotationAsFound(ring: StoredKeyRing, now: number): RotationPlan {
  const active = activeKey(ring);
  const retired = ring.keys
    .filter(({ state }) => state.kind === 'retired')
    .sort((a, b) => retiredAt(b) - retiredAt(a));
  const activatesAt = active.state.kind === 'active' ? active.state.activatedAt : now;
  return {
    change: null,
    active,
    retired: retired[0] ?? null,
    standby: standbyKey(ring) ?? active,
    activatesAt,
  };
}

function retiredAt({ state }: StoredSigningKey): number {
  return state.kind === 'retired' ? state.retiredAt : 0;
}

async function planPromotion(
  ring: StoredKeyRing,
  standby: StoredSigningKey,
  displaced: readonly string[],
  { make, policy, now }: Planning,
): Promise<RotationPlan> {
  const active = activeKey(ring);
  const promoted = withState(standby, { kind: 'active', activatedAt: now });
  const retired = withState(active, {
    kind: 'retired',
    activatedAt: active.state.kind === 'active' ? active.state.activatedAt : now,
    retiredAt: now,
    goneAt: now + policy.tokenLingersMs,
  });
  const next = await mustMake(make, standby.algorithm);
  const change = changeOf(ring, now, {
    put: [promoted, retired, next],
    drop: displaced,
    audit: ['key.rotated', standby.kid],
  });
  return { change, active: promoted, retired, standby: next, activatesAt: now };
}

/** What time alone demands: a scheduled or periodic promotion, a missing standby, the removal of what is gone. */
export async function planDue(ring: StoredKeyRing, planning: Planning): Promise<KeyRingChange | null> {
  const { make, policy, now } = planning;
  const active = activeKey(ring);
  const standby = standbyKey(ring);
  if (standby === null) return changeOf(ring, now, { put: [await mustMake(make, active.algorithm)] });
  const activatesAt = standby.state.kind === 'standby' ? standby.state.activatesAt : null;
  if (activatesAt !== null && activatesAt <= now) {
    return (await planPromotion(ring, standby, [], planning)).change;
  }
  const activatedAt = active.state.kind === 'active' ? active.state.activatedAt : now;
  if (activatesAt === null && activatedAt + policy.rotateEveryMs <= now) {
    const wish = { algorithm: standby.algorithm, force: false };
    return (await planRotation(ring, wish, planning))?.change ?? null;
  }
  const gone = ring.keys.filter((key) => key.state.kind === 'retired' && key.state.goneAt <= now);
  return gone.length === 0 ? null : changeOf(ring, now, { drop: gone.map((key) => key.kid) });
}

export interface RevocationPlan {
  /** Null when the key was revoked already. */
  readonly change: KeyRingChange | null;
  readonly revoked: StoredSigningKey;
  readonly active: StoredSigningKey;
}

/**
 * Revokes a key from whatever state; the standby takes over at once from an active one, and another stands by: of the
 * successor's algorithm, or in place of the revoked standby. Null for an unknown kid.
 */
export async function planRevocation(
  ring: StoredKeyRing,
  { kid, reason }: { readonly kid: string; readonly reason: string },
  { make, policy, now }: Planning,
): Promise<RevocationPlan | null> {
  const key = ring.keys.find((candidate) => candidate.kid === kid);
  if (key === undefined) return null;
  const active = activeKeyUnless(ring, kid);
  if (key.state.kind === 'revoked') return { change: null, revoked: key, active: active ?? activeKey(ring) };

  const revoked = { ...withState(key, { kind: 'revoked', revokedAt: now, reason }), sealedPrivateKey: null };
  const put: StoredSigningKey[] = [revoked];
  const standby = standbyKey(ring);
  let successor = active;
  if (successor === null) {
    const heir = standby ?? (await mustMake(make, key.algorithm));
    successor = withState(heir, { kind: 'active', activatedAt: now });
    put.push(successor);
  }
  if (key.state.kind === 'active') put.push(await mustMake(make, successor.algorithm));
  if (key.state.kind === 'standby') {
    // A rotation that was asked for is asked for still; the key that takes it over is published for as long as any.
    const activatesAt = key.state.activatesAt === null ? null : now + policy.publishLeadMs;
    put.push(withState(await mustMake(make, key.algorithm), { kind: 'standby', activatesAt }));
  }
  const change = changeOf(ring, now, {
    put,
    audit: ['key.revoked', kid],
    revocations: [
      { revocation: { kind: 'key-revoked', kid }, until: now + policy.tokenLingersMs + CLOCK_MARGIN_MS },
    ],
  });
  return { change, revoked, active: successor };
}

function activeKeyUnless(ring: StoredKeyRing, kid: string): StoredSigningKey | null {
  return ring.keys.find((key) => key.state.kind === 'active' && key.kid !== kid) ?? null;
}

/** The first ring: a key that signs at once, since no verifier can have cached anything yet, and its standby. */
export async function planFirstRing(
  make: MakeKey,
  secret: StoredRefreshSecret,
  now: number,
): Promise<KeyRingChange> {
  const active = withState(await mustMake(make, 'ES256'), { kind: 'active', activatedAt: now });
  const empty: StoredKeyRing = { revision: 0, keys: [], secrets: [] };
  const change = changeOf(empty, now, { put: [active, await mustMake(make, 'ES256')] });
  return { ...change, secrets: [secret] };
}

async function mustMake(make: MakeKey, algorithm: SigningAlgorithm): Promise<StoredSigningKey> {
  const key = await make(algorithm);
  if (key === null) throw new Error(`This runtime can no longer make ${algorithm} keys.`);
  return key;
}

function withState(key: StoredSigningKey, state: StoredSigningKey['state']): StoredSigningKey {
  return { ...key, state };
}

interface ChangeParts {
  readonly put?: readonly StoredSigningKey[];
  readonly drop?: readonly string[];
  readonly revocations?: KeyRingChange['revocations'];
  readonly audit?: readonly ['key.rotated' | 'key.scheduled' | 'key.revoked', string];
}

function changeOf(ring: StoredKeyRing, at: number, parts: ChangeParts): KeyRingChange {
  return {
    from: ring.revision,
    put: parts.put ?? [],
    drop: parts.drop ?? [],
    secrets: [],
    at,
    revocations: parts.revocations ?? [],
    audit: parts.audit ? auditEvent(parts.audit[0], at, { detail: parts.audit[1] }) : null,
  };
}
