/**
 * A verifier: code in another service that checks access tokens. Its credential lets it follow the revocations and ask
 * about tokens; an operator makes it and can withdraw it. Of the secret only a hash is kept.
 */

import type { VerifierId } from './identifier.js';

export interface Verifier {
  readonly id: VerifierId;
  /** What the operator calls it, such as "orders service". */
  readonly name: string;
  readonly createdAt: number;
  readonly withdrawnAt: number | null;
}
