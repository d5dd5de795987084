/**
 * Whether a token that is good in itself has been revoked: by the filter first, then by how old its knowledge is, then by
 * what its owner chose for old knowledge. Nothing is awaited between the last look at the clock and the answer.
 */

import type { RevokedBy } from '../entities/revocation.js';
import type { AccessClaims } from '../tokens/access-claims.js';
import type { Feed } from './feed.js';
import { ageOf } from './instant.js';
import type { Introspection } from './introspection.js';
import { type Outcome, refused, undecided, verified, withScopes } from './outcome.js';
import type { RevocationOptions, VerifierOptions } from './settings.js';

export interface Candidate {
  readonly token: string;
  readonly claims: AccessClaims;
  readonly kid: string;
}

export class RevocationCheck {
  readonly #options: VerifierOptions;
  readonly #revocations: RevocationOptions;
  readonly #feed: Feed;
  readonly #introspection: Introspection;

  constructor(
    options: VerifierOptions,
    revocations: RevocationOptions,
    sources: { readonly feed: Feed; readonly introspection: Introspection },
  ) {
    this.#options = options;
    this.#revocations = revocations;
    this.#feed = sources.feed;
    this.#introspection = sources.introspection;
  }

  /** A promise only where the server must be asked. */
  judge(candidate: Candidate): Outcome | Promise<Outcome> {
    const by = this.#revokedBy(candidate);
    if (by !== null) return refused(by);
    if (this.#feed.isFresh) return verified(candidate.claims);
    switch (this.#revocations.whenStale) {
      case 'accept-until-expiry':
        return verified(candidate.claims);
      case 'refuse':
        return undecided('revocations-stale');
      case 'introspect':
        return this.#ask(candidate);
    }
  }

  async #ask(candidate: Candidate): Promise<Outcome> {
    const answer = await this.#introspection.ask(candidate.token);
    // The feed may be back, and may have told something, while the answer was under way.
    const by = this.#revokedBy(candidate);
    if (by !== null) return refused(by);
    if (answer.kind === 'inactive') return refused('inactive');
    const { clock } = this.#options;
    if (candidate.claims.exp * 1000 <= clock.now()) return refused('expired');
    if (this.#feed.isFresh) return verified(candidate.claims);
    if (answer.kind === 'not-allowed') return undecided('credential-refused');
    if (answer.kind === 'unreachable') return undecided('introspection-unreachable');
    const tooOld = ageOf(clock, answer.asOf) > this.#revocations.maxStalenessMs;
    return tooOld ? undecided('introspection-unreachable') : granted(candidate.claims, answer.scopes);
  }

  #revokedBy({ claims, kid }: Candidate): RevokedBy | null {
    if (this.#feed.revokedKeys.has(kid)) return 'key-revoked';
    // Sessions and epochs are of the hybrid model: the other has nothing that could be ended but a key.
    if (this.#options.model === 'stateless') return null;
    const { sid: sessionId, sub: userId, epoch = 0 } = claims;
    return this.#feed.filter.revokes({ sessionId, userId, epoch, kid });
  }
}

/** Of the token's scopes, those that the server still grants. */
function granted(claims: AccessClaims, scopes: readonly string[] | null): Outcome {
  const own = claims.scope.split(' ');
  const kept = scopes === null ? own : own.filter((scope) => scopes.includes(scope));
  return kept.length === own.length ? verified(claims) : withScopes(claims, kept);
}
