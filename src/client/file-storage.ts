/**
 * For command lines and native apps: a file that is readable for its owner alone, shared by all processes of that user.
 *
 * What is stored lies in files that are numbered: the one with the highest number counts. A change writes the next one
 * beside it and links it to its name; a link appears whole or not at all, and only one process can make it, so nobody
 * overwrites what they have not read. No lock is taken, so none can be left behind.
 */

import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemClock as clock } from '../system/clock.js';
import { unguessableText } from '../system/unguessable.js';
import type { ClientStorage, Stored } from './storage.js';

/** As many of the newest files are left, for those who are reading them. */
const KEPT = 4;
const DRAFT_LASTS_MS = 60_000;
const NO_FOLDERS = ['EPERM', 'EACCES', 'EISDIR', 'EINVAL', 'ENOTSUP'];
const ROUNDS = 1_000;

interface Content {
  readonly id: string;
  /** Of the file before. */
  readonly parent: string;
  readonly stored: Stored | null;
}

interface Numbered extends Content {
  readonly number: number;
}

const NOTHING: Numbered = { number: 0, id: '', parent: '', stored: null };

/** `path`: its folder is made, mode 0700, where it is missing. Throws where it cannot be read or written. */
export function fileStorage(path: string): ClientStorage {
  const folder = dirname(path);
  const name = basename(path);

  const plainName = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

  function numbers(): number[] {
    const pattern = new RegExp(`^${plainName}\\.(\\d+)$`);
    return readdirSync(folder)
      .flatMap((file) => pattern.exec(file)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
  }

  /** Null where it has been taken away, since there are newer ones. */
  function contentOf(number: number): Content | null {
    try {
      return JSON.parse(readFileSync(`${path}.${number}`, 'utf8')) as Content;
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw fault;
    }
  }

  function present(): Numbered {
    // Each round there is a newer one, unless somebody has put links there that lead nowhere.
    for (let round = 0; round < ROUNDS; round += 1) {
      const [number] = numbers();
      if (number === undefined) return NOTHING;
      const content = contentOf(number);
      if (content !== null) return { ...content, number };
    }
    throw new Error(`${path} cannot be read.`);
  }

  /** What processes that were killed have left. */
  function sweepDrafts(): void {
    // Ours alone: an editor's swap file begins the same way.
    const pattern = new RegExp(`^\\.${plainName}\\.[0-9a-f]{32}$`);
    for (const file of readdirSync(folder)) {
      if (!pattern.test(file)) continue;
      const draft = join(folder, file);
      const changedAt = statSync(draft, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
      if (clock.now() - changedAt > DRAFT_LASTS_MS) rmSync(draft, { force: true });
    }
  }

  /** Waits until the folder's names are on the disk: what is forgotten in a crash looks like theft to the server. */
  function syncFolder(): void {
    try {
      const handle = openSync(folder, 'r');
      try {
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    } catch (fault) {
      // There are systems where a folder is not opened, or not synchronized; the change itself has been made.
      if (!NO_FOLDERS.includes((fault as NodeJS.ErrnoException).code ?? '')) throw fault;
    }
  }

  /** False where somebody else was first. */
  function writeBehind(before: Numbered, stored: Stored | null): boolean {
    const number = before.number + 1;
    const id = unguessableText();
    const draft = join(folder, `.${name}.${id}`);
    writeFileSync(draft, JSON.stringify({ id, parent: before.id, stored } satisfies Content), {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    try {
      linkSync(draft, `${path}.${number}`);
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw fault;
    } finally {
      rmSync(draft, { force: true });
    }
    const [newest = 0, ...older] = numbers();
    // Whoever was away for long may find a number free that had been used and taken away: then nobody has built on it.
    if (newest !== number && contentOf(number + 1)?.parent !== id) {
      rmSync(`${path}.${number}`, { force: true });
      return false;
    }
    // After a sign-out nothing of before is left lying about.
    for (const old of stored === null ? older : older.slice(KEPT - 1))
      rmSync(`${path}.${old}`, { force: true });
    sweepDrafts();
    syncFolder();
    return true;
  }

  return {
    read: async () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return present().stored;
    },
    update: async (change) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (;;) {
        const before = present();
        const next = change(before.stored);
        if (next === before.stored || writeBehind(before, next)) return next;
      }
    },
    channel: null,
  };
}
