/** Whether somebody is signed in, as a client knows it, and who is told of changes. */

import type { SignOutReason } from './renewal.js';

export type ClientState =
  /** Nothing has been asked yet. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed-in'; readonly sessionId: string }
  | { readonly kind: 'signed-out'; readonly because: SignOutReason | null };

export class ObservedState {
  readonly #listeners = new Set<(state: ClientState) => void>();
  #state: ClientState = { kind: 'unknown' };

  get current(): ClientState {
    return this.#state;
  }

  get sessionId(): string | null {
    return this.#state.kind === 'signed-in' ? this.#state.sessionId : null;
  }

  subscribe(listener: (state: ClientState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  signIn(sessionId: string): void {
    if (this.sessionId !== sessionId) this.#become({ kind: 'signed-in', sessionId });
  }

  signOut(because: SignOutReason | null): void {
    if (this.#state.kind !== 'signed-out') this.#become({ kind: 'signed-out', because });
  }

  forgetListeners(): void {
    this.#listeners.clear();
  }

  #become(state: ClientState): void {
    this.#state = state;
    for (const listener of this.#listeners) {
      // One of them has signed in or out, and the others have been told of that.
      if (this.#state !== state) return;
      try {
        listener(state);
      } catch (fault) {
        // Theirs, and none of ours: it is reported as if they had been called by nobody.
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
  }
}
