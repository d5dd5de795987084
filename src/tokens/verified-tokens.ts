/**
 * Access tokens whose signature this process has found good, so that it need not compute it again on each request.
 * Only the signature is remembered: times, audience and revocation are looked at every time. Keyed by the whole token,
 * byte for byte, so another spelling of it is another token. Memory is bounded: two generations of entries, of which
 * the older is dropped when the younger is full.
 */

import type { VerifyingMaterial } from '../entities/key-material.js';

interface VerifiedToken<Claims> {
  readonly claims: Claims;
  /** The very key that verified it: another one of the same id would have to verify it anew. */
  readonly key: VerifyingMaterial;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A copy: a text that was cut out of a header would keep the whole header. */
function detached(text: string): string {
  return decoder.decode(encoder.encode(text));
}

export class VerifiedTokens<Claims> {
  readonly #half: number;
  #young = new Map<string, VerifiedToken<Claims>>();
  #old = new Map<string, VerifiedToken<Claims>>();

  /** `limit`: the most tokens that are remembered; about 1.5 kB each. */
  constructor(limit: number) {
    this.#half = Math.max(1, Math.floor(limit / 2));
  }

  get(token: string): VerifiedToken<Claims> | undefined {
    const young = this.#young.get(token);
    if (young !== undefined) return young;
    const old = this.#old.get(token);
    if (old !== undefined) this.set(token, old);
    return old;
  }

  set(token: string, verified: VerifiedToken<Claims>): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(detached(token), verified);
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
