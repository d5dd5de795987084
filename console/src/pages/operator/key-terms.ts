/** The terms on which signing keys are changed, as the server has them; until it has said so, its defaults. */

import { useQuery } from '../../data/use-query.js';
import { SigningKeyPolicyDocument } from '../../generated/graphql.js';

export interface KeyTerms {
  /** Seconds that a key is published before it signs. */
  readonly publishLead: number;
  /** Seconds that a key signs before another takes over by itself. */
  readonly rotationPeriod: number;
  /** Seconds for which tokens of a retired key may be accepted; null where it is not known. */
  readonly tokenLingers: number | null;
  /** Whether the server has said so. */
  readonly isKnown: boolean;
}

/** docs/how-to/keys.md */
const DEFAULTS: KeyTerms = {
  publishLead: 3_600,
  rotationPeriod: 30 * 86_400,
  tokenLingers: null,
  isKnown: false,
};

export function useKeyTerms(): KeyTerms {
  const { data } = useQuery(SigningKeyPolicyDocument, {});
  return data === null ? DEFAULTS : { ...data.signingKeyPolicy, isKnown: true };
}
