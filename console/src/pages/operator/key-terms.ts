/**
 * The terms on which signing keys are changed. The API does not tell them, so these are the defaults of the server
 * (docs/how-to/keys.md), and pages say of what follows from them that it is a guess. Once there is a query for them,
 * `useKeyTerms` answers with `{ ...policy, isKnown: true }`, and nothing else has to change.
 */

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

const DEFAULTS: KeyTerms = {
  publishLead: 3_600,
  rotationPeriod: 30 * 86_400,
  tokenLingers: null,
  isKnown: false,
};

export function useKeyTerms(): KeyTerms {
  return DEFAULTS;
}
