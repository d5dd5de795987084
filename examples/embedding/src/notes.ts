/** The notes, in memory: what this server is about. Knows nothing of GraphQL or of who may call. */

export interface StoredNote {
  readonly id: string;
  readonly ownerId: string;
  readonly text: string;
  readonly writtenAt: Date;
}

export class Notes {
  readonly #notes = new Map<string, StoredNote>();
  #written = 0;

  add(ownerId: string, text: string): StoredNote {
    this.#written += 1;
    const note = { id: String(this.#written), ownerId, text, writtenAt: new Date() };
    this.#notes.set(note.id, note);
    return note;
  }

  /** The newest notes of one owner. */
  of(ownerId: string, most: number): StoredNote[] {
    const own = [...this.#notes.values()].filter((note) => note.ownerId === ownerId);
    return own.reverse().slice(0, most);
  }

  /** False when the owner has no such note; whether somebody else has it makes no difference. */
  remove(ownerId: string, id: string): boolean {
    return this.#notes.get(id)?.ownerId === ownerId && this.#notes.delete(id);
  }

  count(): { notes: number; authors: number } {
    const authors = new Set([...this.#notes.values()].map((note) => note.ownerId));
    return { notes: this.#notes.size, authors: authors.size };
  }
}
