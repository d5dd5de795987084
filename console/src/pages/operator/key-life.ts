/** The life of a signing key as pieces of time: what is known of it, and what is expected, apart. Draws nothing. */

import type { KeyFragment, SigningKeyPolicyQuery } from '../../generated/graphql.js';

/** The terms on which keys are changed, as the server has them; durations in seconds. */
export type KeyPolicy = SigningKeyPolicyQuery['signingKeyPolicy'];

export type Phase = 'standby' | 'active' | 'retired' | 'revoked' | 'unknown';

export interface Piece {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
  /** It has not happened yet. */
  readonly isExpected: boolean;
}

/** When the standby is to take over. */
export interface Rotation {
  readonly at: number;
  /** An operator has scheduled it, or the server does it by itself when the active key is old enough. */
  readonly kind: 'scheduled' | 'by-itself';
}

const instant = (text: string | null) => (text === null ? null : Date.parse(text));

export function activeOf(keys: readonly KeyFragment[]): KeyFragment | null {
  return keys.find(({ state }) => state === 'ACTIVE') ?? null;
}

export function standbyOf(keys: readonly KeyFragment[]): KeyFragment | null {
  return keys.find(({ state }) => state === 'STANDBY') ?? null;
}

export function nextRotation(
  keys: readonly KeyFragment[],
  { publishLead, rotationPeriod }: KeyPolicy,
): Rotation | null {
  const [active, standby] = [activeOf(keys), standbyOf(keys)];
  const scheduled = instant(standby?.activatesAt ?? null);
  if (scheduled !== null) return { at: scheduled, kind: 'scheduled' };
  const began = instant(active?.activatedAt ?? null);
  if (began === null || standby === null) return null;
  const published = Date.parse(standby.publishedAt);
  return { at: Math.max(began + rotationPeriod * 1_000, published + publishLead * 1_000), kind: 'by-itself' };
}

export function lifeOf(key: KeyFragment, rotation: Rotation | null, now: number): readonly Piece[] {
  const published = Date.parse(key.publishedAt);
  const [activated, retired] = [instant(key.activatedAt), instant(key.retiredAt)];
  const [gone, revoked] = [instant(key.goneAt), instant(key.revokedAt)];
  const was = (phase: Phase, from: number, to: number) => ({ phase, from, to, isExpected: false });
  const willBe = (phase: Phase, from: number, to: number) => ({ phase, from, to, isExpected: true });
  switch (key.state) {
    case 'STANDBY': {
      const takesOver = Math.max(now, rotation?.at ?? now);
      return [
        was('standby', published, now),
        willBe('standby', now, takesOver),
        ...(rotation === null ? [] : [willBe('active', takesOver, Number.POSITIVE_INFINITY)]),
      ];
    }
    case 'ACTIVE':
      return [
        was('standby', published, activated ?? published),
        was('active', activated ?? published, now),
        willBe('active', now, Math.max(now, rotation?.at ?? now)),
      ];
    case 'RETIRED':
      return [
        was('standby', published, activated ?? published),
        was('active', activated ?? published, retired ?? now),
        was('retired', retired ?? now, Math.min(now, gone ?? now)),
        willBe('retired', Math.min(now, gone ?? now), gone ?? now),
      ];
    case 'REVOKED':
      // Of a revoked key the API keeps when it was published and when revoked, not what it was in between.
      return [was('unknown', published, revoked ?? now), was('revoked', revoked ?? now, now)];
  }
}
