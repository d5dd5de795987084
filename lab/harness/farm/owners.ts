/**
 * Honest clients of a farm. Each owns a session, writes its idempotency key down before each refresh, and asks whichever
 * node is up. Whatever happens to the nodes and the database, none of them may be signed out.
 */

import { randomUUID } from 'node:crypto';
import { ask, mutate, type Tokens } from '../client.js';
import type { Farm } from './farm.js';

const PASSWORD = 'orchid kettle granite 41';

export interface Held {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
  readonly email: string;
}

/** Registers somebody new; tries until a node answers. An answer that was lost may leave a user whom nobody knows. */
export async function signUp(farm: Farm): Promise<Held> {
  for (;;) {
    const email = `${randomUUID()}@example.test`;
    try {
      return heldBy(email, await mutate(farm.any(), 'register', { email, password: PASSWORD }));
    } catch {
      await pause();
    }
  }
}

/** Another device of somebody who has signed up. */
export async function signIn(farm: Farm, email: string): Promise<Held> {
  for (;;) {
    try {
      const input = { email, password: PASSWORD, delivery: 'BODY' };
      return heldBy(email, await mutate(farm.any(), 'login', input));
    } catch {
      await pause();
    }
  }
}

function heldBy(
  email: string,
  payload: { readonly __typename: string; tokens?: Tokens | null; session?: { id: string } },
): Held {
  const { accessToken, refreshToken } = payload.tokens ?? {};
  if (!accessToken || !refreshToken) throw new Error(`no tokens came: ${payload.__typename}`);
  return { accessToken, refreshToken, sessionId: payload.session?.id ?? '', email };
}

export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 60));
}

export class Owner {
  #held: Held;
  #key: string | null = null;
  refreshes = 0;
  views = 0;
  /** Requests without an answer, or with one that says to try again. */
  interrupted = 0;
  /** What must never happen: what an honest client was told that signs it out. */
  readonly signedOut: string[] = [];

  constructor(
    readonly farm: Farm,
    held: Held,
  ) {
    this.#held = held;
  }

  async goOn(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      if (Math.random() < 0.3) await this.refresh();
      else await this.view();
      await pause();
    }
  }

  async refresh(): Promise<void> {
    this.#key ??= randomUUID();
    const input = { refreshToken: this.#held.refreshToken, idempotencyKey: this.#key };
    try {
      const payload = await mutate(this.farm.any(), 'refresh', input);
      if (payload.__typename !== 'RefreshSuccess') {
        this.signedOut.push(payload.__typename);
        return;
      }
      this.#held = heldBy(this.#held.email, payload);
      this.#key = null;
      this.refreshes += 1;
    } catch {
      // Nothing is known, so the same refresh is sent again under the same key.
      this.interrupted += 1;
      await pause();
    }
  }

  async view(): Promise<void> {
    try {
      const { data, code } = await ask(
        this.farm.any(),
        '{ viewer { id } }',
        {},
        { bearer: this.#held.accessToken },
      );
      if (data?.['viewer']) this.views += 1;
      else if (code === 'UNAUTHENTICATED') this.signedOut.push(`viewer: ${code}`);
      else this.interrupted += 1;
    } catch {
      this.interrupted += 1;
    }
  }
}
