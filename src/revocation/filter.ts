/**
 * What must no longer be accepted, in memory, asked on every request after the signature. Bounded by the revocations
 * of one access lifetime: an entry is forgotten once the last token it can concern has expired. Applying is idempotent
 * and its order does not matter, so entries may be heard twice and late.
 */

import type { SessionId, UserId } from '../entities/identifier.js';
import type { AccessCredential, RevocationEntry, RevokedBy } from '../entities/revocation.js';

interface Until {
  readonly until: number;
}

export class RevocationFilter {
  readonly #sessions = new Map<SessionId, Until>();
  readonly #epochs = new Map<UserId, Until & { readonly epoch: number }>();
  readonly #keys = new Map<string, Until>();

  apply({ revocation, until }: Pick<RevocationEntry, 'revocation' | 'until'>): void {
    switch (revocation.kind) {
      case 'session-ended':
        this.#sessions.set(revocation.sessionId, { until });
        break;
      case 'epoch-raised': {
        const known = this.#epochs.get(revocation.userId);
        const epoch = Math.max(revocation.epoch, known?.epoch ?? 0);
        this.#epochs.set(revocation.userId, { epoch, until: Math.max(until, known?.until ?? 0) });
        break;
      }
      case 'key-revoked':
        this.#keys.set(revocation.kid, { until });
        break;
      case 'keys-changed':
        break;
    }
  }

  /** What revokes the credential, or null. */
  revokes(credential: AccessCredential): RevokedBy | null {
    if (this.#sessions.has(credential.sessionId)) return 'session-ended';
    if (credential.epoch < (this.#epochs.get(credential.userId)?.epoch ?? 0)) return 'epoch-raised';
    if (this.#keys.has(credential.kid)) return 'key-revoked';
    return null;
  }

  /** Forgets what was dead at `now`. */
  prune(now: number): void {
    for (const entries of [this.#sessions, this.#epochs, this.#keys]) {
      for (const [subject, { until }] of entries) if (until <= now) entries.delete(subject);
    }
  }

  get size(): number {
    return this.#sessions.size + this.#epochs.size + this.#keys.size;
  }
}
