/**
 * Parsed documents, for Apollo to find again, within a bound that an attacker cannot stretch. Apollo's own store weighs a
 * document by its JSON; but a document holds on to its whole chain of tokens, comments included, which its JSON does not
 * show. Here it is weighed by its source: each character can make one token at most.
 */

import type { DocumentNode } from 'graphql';

/** In characters of source, of which each may take up to some 150 bytes. */
const MOST_SOURCE = 300_000;
/** What any document weighs at the least: an entry costs something however short its source is. */
const LEAST_WEIGHT = 500;

export class DocumentStore {
  readonly #half: number;
  #weight = 0;
  #young = new Map<string, DocumentNode>();
  #old = new Map<string, DocumentNode>();

  constructor(mostSource = MOST_SOURCE) {
    this.#half = mostSource / 2;
  }

  async get(key: string): Promise<DocumentNode | undefined> {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) await this.set(key, old);
    return old;
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    // Whatever broke a limit is swapped for a document without definitions: its source is not worth remembering.
    if (document.definitions.length === 0) return;
    const weight = Math.max(LEAST_WEIGHT, document.loc?.source.body.length ?? 0);
    if (weight > this.#half) return;
    if (this.#weight + weight > this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#weight = 0;
    }
    this.#young.set(key, document);
    this.#weight += weight;
  }

  async delete(key: string): Promise<void> {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
