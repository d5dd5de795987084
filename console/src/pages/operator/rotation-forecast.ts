/**
 * What `rotateSigningKey` would do, before it is asked: the rules of the server's plan (a standby signs once it has been
 * published for the lead; another algorithm begins with a new standby) on what the API shows of the ring.
 */

import { absolute, duration } from '../../data/times.js';
import type { KeyFragment, SigningAlgorithm } from '../../generated/graphql.js';
import { algorithmName, shortKid } from './key-words.js';

export interface Forecast {
  readonly isAtOnce: boolean;
  readonly sentences: readonly string[];
  readonly warning: string | null;
}

export function foreseeRotation({
  active,
  standby,
  algorithm,
  force,
  publishLead,
  now,
}: {
  readonly active: KeyFragment | null;
  readonly standby: KeyFragment | null;
  readonly algorithm: SigningAlgorithm;
  readonly force: boolean;
  /** Seconds. */
  readonly publishLead: number;
  readonly now: number;
}): Forecast {
  const heir = standby?.algorithm === algorithm ? standby : null;
  const publishedAt = heir === null ? now : Date.parse(heir.publishedAt);
  const readyAt = publishedAt + publishLead * 1_000;
  const isReady = readyAt <= now;
  const isAtOnce = force || isReady;
  const name =
    heir === null ? `A new ${algorithmName(algorithm)} key` : `Key ${shortKid(heir.kid)}, the standby,`;
  const since = heir === null ? 'just now' : `${duration((now - publishedAt) / 1_000)} ago`;
  return {
    isAtOnce,
    sentences: [
      ...(heir === null && standby !== null
        ? [`The standby ${shortKid(standby.kid)} is dropped. It has signed nothing.`]
        : []),
      isAtOnce
        ? `${name} signs at once.`
        : `${name} signs from ${absolute(readyAt)} on. Until then ${active === null ? 'the present key' : shortKid(active.kid)} signs.`,
    ],
    warning:
      force && !isReady
        ? `It was published ${since}. Verifiers that read the keys before that meet one they do not know, and must read again, which most libraries do.`
        : null,
  };
}
