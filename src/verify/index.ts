/**
 * `counterfoil/verify`: checks Counterfoil's access tokens in other services, on Node and on edge runtimes. Has no
 * dependencies, and none of the server in it. Adapters: `counterfoil/verify/fastify`, `/express`, `/apollo`.
 */

export {
  type Admission,
  type AuthorizationHeader,
  admit,
  bodyOf,
  missing,
  type Refusal,
} from './admission.js';
export { createVerifier, type FreshnessReport, type Verifier } from './create-verifier.js';
export type { VerifierHooks } from './hooks.js';
export type {
  Claims,
  Outcome,
  Refused,
  RefusedBecause,
  Role,
  Undecided,
  UndecidedBecause,
  Verified,
} from './outcome.js';
export type { Fetch, RevocationSettings, VerifierSettings, WhenStale } from './settings.js';
