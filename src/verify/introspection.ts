/**
 * Asking the server about one token (RFC 7662), for when what is known of revocations is too old. Only tokens whose
 * signature is good come here. One request at a time for each; an answer serves for a second, and counts as old as the
 * request that it answers. The memory is bounded: where there are too many at once, nothing is known.
 */

import type { Clock } from '../system/clock.js';
import { boundedFetch } from './bounded-fetch.js';
import type { Closing } from './closing.js';
import { ageOf, type Instant, instantOf } from './instant.js';
import type { RevocationOptions, VerifierOptions } from './settings.js';

const KEEP_MS = 1_000;
const TIMEOUT_MS = 2_000;
const LIMIT_BYTES = 64 * 1024;
const MOST = 1_000;

export type IntrospectionAnswer =
  /** `scopes`: those that the server still grants; null where it does not say. */
  | { readonly kind: 'active'; readonly scopes: readonly string[] | null; readonly asOf: Instant }
  | { readonly kind: 'inactive' }
  /** The credential is not good: it was withdrawn, or is of another server. */
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'unreachable' };

const UNREACHABLE: IntrospectionAnswer = { kind: 'unreachable' };

interface Asked {
  readonly at: Instant;
  readonly answer: Promise<IntrospectionAnswer>;
  pending: boolean;
}

export class Introspection {
  readonly #fetch: VerifierOptions['fetch'];
  readonly #clock: Clock;
  readonly #revocations: RevocationOptions;
  readonly #closing: Closing;
  /** In the order of asking. */
  readonly #asked = new Map<string, Asked>();

  constructor(
    { fetch, clock }: Pick<VerifierOptions, 'fetch' | 'clock'>,
    revocations: RevocationOptions,
    closing: Closing,
  ) {
    this.#fetch = fetch;
    this.#clock = clock;
    this.#revocations = revocations;
    this.#closing = closing;
  }

  /** Never rejects. */
  ask(token: string): Promise<IntrospectionAnswer> {
    this.#forget();
    const known = this.#asked.get(token);
    if (known !== undefined) return known.answer;
    if (this.#asked.size >= MOST) return Promise.resolve(UNREACHABLE);
    const at = instantOf(this.#clock);
    const asked: Asked = { at, answer: this.#request(token, at), pending: true };
    this.#asked.set(token, asked);
    void asked.answer.then(() => {
      asked.pending = false;
    });
    return asked.answer;
  }

  #forget(): void {
    for (const [token, { at, pending }] of this.#asked) {
      const keeps = ageOf(this.#clock, at) < KEEP_MS;
      if (keeps && this.#asked.size < MOST) return;
      if (!pending) this.#asked.delete(token);
    }
  }

  async #request(token: string, asOf: Instant): Promise<IntrospectionAnswer> {
    const { introspectionUrl: url, credential } = this.#revocations;
    const answer = await boundedFetch({
      fetch: this.#fetch,
      url,
      init: {
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${credential}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
      },
      timeoutMs: TIMEOUT_MS,
      limitBytes: LIMIT_BYTES,
      closing: this.#closing,
    });
    if (answer.kind === 'answered') return read(answer.text, asOf);
    return answer.status === 401 ? { kind: 'not-allowed' } : UNREACHABLE;
  }
}

function read(text: string, asOf: Instant): IntrospectionAnswer {
  try {
    const found = JSON.parse(text) as { readonly active?: unknown; readonly scope?: unknown } | null;
    if (found?.active === false) return { kind: 'inactive' };
    if (found?.active !== true) return UNREACHABLE;
    return { kind: 'active', scopes: typeof found.scope === 'string' ? found.scope.split(' ') : null, asOf };
  } catch {
    return UNREACHABLE;
  }
}
