/**
 * People who log out of a farm, and what becomes of their tokens: from the moment at which the mutation had answered, the
 * token is tried at every node and every verifier, again and again, until the run ends. Lag is how long after that moment
 * somebody still said yes.
 */

import { ask, logout, mutate } from '../client.js';
import type { Farm } from './farm.js';
import { type Held, signIn, signUp } from './owners.js';

export const WAYS = ['logout', 'logoutDevice', 'logoutAllDevices'] as const;
export type Way = (typeof WAYS)[number];

/** A token that is dead since `at`, by `performance.now()`. */
export interface Dead {
  readonly by: Way;
  readonly token: string;
  readonly at: number;
  /** Milliseconds after `at` of the last yes, counted when its answer came; 0 where nobody said yes. */
  lastYesMs: number;
  /** The same of the last yes that was certainly said that late: counted when the request was sent. */
  certainYesMs: number;
  lastYesFrom: string | null;
  tries: number;
}

/** By then, the token has been dead for longer than anybody may take. */
const WATCHED_MS = 60_000;

export class Leavers {
  readonly dead: Dead[] = [];
  /** Mutations without an answer: nothing was promised. */
  unanswered = 0;
  readonly #watches: Promise<unknown>[] = [];

  constructor(readonly farm: Farm) {}

  async leaveAndWatch(way: Way, isOver: () => boolean): Promise<void> {
    const token = await this.#leave(way);
    if (token === null) return;
    this.dead.push(token);
    this.#watches.push(
      ...Array.from({ length: this.farm.size }, (_, index) =>
        this.#watch(token, isOver, () => this.#askNode(index, token)),
      ),
      ...this.farm.verifiers.map(({ url }) => this.#watch(token, isOver, () => askVerifier(url, token))),
    );
  }

  async settled(): Promise<void> {
    await Promise.all(this.#watches);
  }

  async #leave(by: Way): Promise<Dead | null> {
    const held = await signUp(this.farm);
    const other = by === 'logoutDevice' ? await signIn(this.farm, held.email) : held;
    try {
      await leaveBy(by, this.farm.any(), other, held);
    } catch {
      this.unanswered += 1;
      return null;
    }
    return {
      by,
      token: held.accessToken,
      at: performance.now(),
      lastYesMs: 0,
      certainYesMs: 0,
      lastYesFrom: null,
      tries: 0,
    };
  }

  async #watch(token: Dead, isOver: () => boolean, asked: () => Promise<string | null>): Promise<void> {
    let refused = 0;
    let since = 0;
    // At full pace while it matters: at first, and after each disturbance, since who starts anew must not have forgotten.
    while (!isOver() && performance.now() - token.at < WATCHED_MS) {
      if (this.farm.disturbedAt > since) {
        since = this.farm.disturbedAt;
        refused = 0;
      }
      const sent = performance.now();
      const from = await asked().catch(() => null);
      token.tries += 1;
      if (from !== null) {
        refused = 0;
        token.lastYesFrom = from;
        token.lastYesMs = Math.max(token.lastYesMs, performance.now() - token.at);
        token.certainYesMs = Math.max(token.certainYesMs, sent - token.at);
      } else refused += 1;
      await (refused < 3
        ? new Promise(setImmediate)
        : new Promise((go) => setTimeout(go, Math.min(2_000, 25 * refused))));
    }
  }

  /** Which node said yes; null for every other answer. */
  async #askNode(index: number, { token }: Dead): Promise<string | null> {
    const url = this.farm.at(index);
    const { data } = await ask(url, '{ viewer { id } }', {}, { bearer: token });
    return data?.['viewer'] ? `node ${url}` : null;
  }
}

async function leaveBy(by: Way, url: string, asking: Held, leaving: Held): Promise<void> {
  const sent = { bearer: asking.accessToken };
  if (by === 'logout') await logout(url, sent);
  else if (by === 'logoutAllDevices') await mutate(url, by, {}, sent);
  else await mutate(url, by, { sessionId: leaving.sessionId }, sent);
}

async function askVerifier(url: string, { token }: Dead): Promise<string | null> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const { kind } = (await response.json()) as { kind: string };
  return kind === 'verified' ? `verifier ${url}` : null;
}
