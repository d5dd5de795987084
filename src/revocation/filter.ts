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

type Applied = Pick<RevocationEntry, 'revocation' | 'until'>;

export class RevocationFilter {
  readonly #sessions = new Map<SessionId, Until>();
  readonly #epochs = new Map<UserId, Until & { readonly epoch: number }>();
  readonly #keys = new Map<string, Until>();

  /** True if it was news: something is remembered now, or remembered for longer, that was not before. */
  apply({ revocation, until }: Applied): boolean {
    switch (revocation.kind) {
      case 'session-ended':
        return remember(this.#sessions, revocation.sessionId, until);
      case 'epoch-raised': {
        const known = this.#epochs.get(revocation.userId);
        const epoch = Math.max(revocation.epoch, known?.epoch ?? 0);
        const longest = Math.max(until, known?.until ?? 0);
        if (known?.epoch === epoch && known.until === longest) return false;
        this.#epochs.set(revocation.userId, { epoch, until: longest });
        return true;
      }
      case 'key-revoked':
        return remember(this.#keys, revocation.kid, until);
      case 'keys-changed':
        return false;
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

  /** All that is remembered and alive at `now`, as the entries that would bring another filter to the same knowledge. */
  *entries(now: number): Generator<Applied> {
    for (const [kid, { until }] of this.#keys)
      if (until > now) yield { revocation: { kind: 'key-revoked', kid }, until };
    for (const [userId, { epoch, until }] of this.#epochs)
      if (until > now) yield { revocation: { kind: 'epoch-raised', userId, epoch }, until };
    for (const [sessionId, { until }] of this.#sessions)
      if (until > now) yield { revocation: { kind: 'session-ended', sessionId }, until };
  }

  get size(): number {
    return this.#sessions.size + this.#epochs.size + this.#keys.size;
  }
}

function remember<Subject>(entries: Map<Subject, Until>, subject: Subject, until: number): boolean {
  if ((entries.get(subject)?.until ?? Number.NEGATIVE_INFINITY) >= until) return false;
  entries.set(subject, { until });
  return true;
}
