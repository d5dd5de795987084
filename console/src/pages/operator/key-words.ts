/** Keys in words: what a state means, and the life of one key as a sentence, which is what its drawing says. */

import { absolute } from '../../data/times.js';
import type { KeyFragment, SigningAlgorithm, SigningKeyState } from '../../generated/graphql.js';
import type { Tone } from '../../kit/index.js';
import type { Rotation } from './key-life.js';

export const STATES: Readonly<
  Record<SigningKeyState, { readonly name: string; readonly tone: Tone | 'plain'; readonly meaning: string }>
> = {
  STANDBY: { name: 'Standby', tone: 'info', meaning: 'published for verifiers to learn, signs nothing yet' },
  ACTIVE: { name: 'Active', tone: 'good', meaning: 'signs' },
  RETIRED: { name: 'Retired', tone: 'plain', meaning: 'signs no more, its last tokens are accepted' },
  REVOKED: { name: 'Revoked', tone: 'danger', meaning: 'nothing it signed is accepted' },
};

const ALGORITHMS: Readonly<Record<SigningAlgorithm, string>> = {
  ES256: 'ES256',
  EdDSA: 'EdDSA',
  RS256: 'RS256',
  ML_DSA_44: 'ML-DSA-44',
};
export const ALGORITHM_NAMES = Object.keys(ALGORITHMS) as readonly SigningAlgorithm[];

export function algorithmName(algorithm: SigningAlgorithm): string {
  return ALGORITHMS[algorithm] ?? algorithm;
}

/** As it is printed on its ticket: `Serial` shows the same. */
export function shortKid(kid: string): string {
  return `№ ${kid.slice(-8)}`;
}

/** "about 30 Dec 2026, 10:00": what is expected of a rotation, and how far that can be relied on. */
export function rotationTime({ at, kind }: Rotation): string {
  const text = absolute(at);
  return kind === 'scheduled' ? text : `about ${text}`;
}

export function lifeInWords(key: KeyFragment, rotation: Rotation | null): string {
  const parts = [`published ${absolute(key.publishedAt)}`];
  if (key.activatedAt !== null) parts.push(`signs from ${absolute(key.activatedAt)}`);
  if (key.retiredAt !== null) parts.push(`retired ${absolute(key.retiredAt)}`);
  if (key.goneAt !== null) parts.push(`is gone ${absolute(key.goneAt)}`);
  if (key.revokedAt !== null) parts.push(`revoked ${absolute(key.revokedAt)}: ${key.revokedReason ?? ''}`);
  if (key.state === 'STANDBY' && rotation !== null) parts.push(`takes over ${rotationTime(rotation)}`);
  if (key.state === 'ACTIVE' && rotation !== null) parts.push(`is to retire ${rotationTime(rotation)}`);
  return `Key ${key.kid.slice(-8)}, ${algorithmName(key.algorithm)}, ${STATES[key.state].name.toLowerCase()}: ${parts.join(', ')}.`;
}
