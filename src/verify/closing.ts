/**
 * The end of a verifier, heard by all that is under way. Not an AbortSignal: Node takes more than ten listeners of one
 * for a leak and says so, and there may be a thousand requests.
 */

export class Closing {
  readonly #listeners = new Set<() => void>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  /** Calls once, when it closes; at once if it has. The result calls it off. */
  on(listener: () => void): () => void {
    if (this.#closed) listener();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
