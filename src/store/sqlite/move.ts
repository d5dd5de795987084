/**
 * The mark that a SQLite file bears while its deployment moves to another database, and for good once it has moved.
 * Owns the mark and the triggers that refuse writes; what is copied in between is not its business. Called by
 * `store/copy`, and asked by whoever opens the file.
 *
 * A hold refuses every write, at once, for a few seconds: it lapses by itself, so a copy that dies leaves a deployment
 * that goes on. A lock would be simpler, but servers would wait for it, and with them every request they have. A seal
 * is a hold that does not lapse. Neither needs a server of this version: triggers bind whoever opens the file.
 */

import Database from 'better-sqlite3';

/** Opens the message of the triggers, so that a refusal is told from a constraint that was broken. */
const REFUSAL = 'counterfoil-move: ';
const NOW = `cast(unixepoch('subsec') * 1000 as integer)`;

export interface Move {
  /** Names the file as a source, in every copy of it. */
  readonly source: string;
  /** Where the deployment has moved; null while it has not. */
  readonly sealedFor: string | null;
  /** Whether writes are refused at present. */
  readonly held: boolean;
}

/** The mark, or null where nobody has begun to copy the file. */
export function moveOf(raw: Database.Database): Move | null {
  if (raw.prepare(`select 1 from sqlite_master where name = 'counterfoil_move'`).get() === undefined)
    return null;
  const row = raw
    .prepare(
      `select hex(source) as source, target, sealed_at as sealedAt, coalesce(held_until > ${NOW}, 0) as held
       from counterfoil_move`,
    )
    .get() as { source: string; target: string | null; sealedAt: number | null; held: number } | undefined;
  if (row === undefined) return null;
  const sealed = row.sealedAt !== null;
  return { source: row.source, sealedFor: sealed ? row.target : null, held: sealed || row.held === 1 };
}

/** What to say to whoever would write to a sealed file. */
export function movedText(target: string): string {
  return `this database has moved to ${target}: set COUNTERFOIL_DATABASE to it ("counterfoil copy --unseal" tells how to go back)`;
}

/** Names the file as a source, once. */
export function markSource(raw: Database.Database): string {
  raw
    .transaction(() => {
      raw.exec(`create table if not exists counterfoil_move (
        id integer primary key check (id = 1), source blob not null, target text, held_until integer, sealed_at integer
      )`);
      raw.exec('insert or ignore into counterfoil_move (id, source) values (1, randomblob(16))');
    })
    .immediate();
  return moveOf(raw)?.source ?? '';
}

export interface Hold {
  /** Keeps the hold for another `ttlMs`. */
  extend(ttlMs: number): void;
  /** Lets writes pass again. */
  release(): void;
  /** Makes the hold last for good, unless anybody has written since it began: then false, and nothing is sealed. */
  seal(at: number): boolean;
}

/**
 * Refuses every write to the tables from now on, for `ttlMs` unless extended. What is read through `raw` after this
 * and before `seal` is one state of the database: `seal` finds out if it was not.
 */
export function hold(
  raw: Database.Database,
  tables: readonly string[],
  { target, ttlMs }: { target: string; ttlMs: number },
): Hold {
  const until = raw.prepare(`update counterfoil_move set held_until = ${NOW} + ? where sealed_at is null`);
  let version: unknown = null;
  durably(raw, () => {
    raw.prepare('update counterfoil_move set target = ?').run(target);
    refuseWrites(raw, tables, `this database is being moved to ${target}; try again`);
    until.run(ttlMs);
    version = versionOf(raw);
  });
  return {
    extend: (milliseconds) => {
      until.run(milliseconds);
    },
    release: () => durably(raw, () => letWrite(raw)),
    seal: (at) => {
      let sealed = false;
      durably(raw, () => {
        if (versionOf(raw) !== version) return;
        raw.prepare('update counterfoil_move set sealed_at = ?').run(at);
        refuseWrites(raw, tables, movedText(target));
        sealed = true;
      });
      return sealed;
    },
  };
}

/** Takes the seal off. Returns where the deployment had moved, or null where there was no seal. */
export function unseal(raw: Database.Database): string | null {
  let target: string | null = null;
  durably(raw, () => {
    target = moveOf(raw)?.sealedFor ?? null;
    if (target !== null) letWrite(raw);
  });
  return target;
}

/** Where a trigger refused a write: what it said; else null. */
export function refusalOf(fault: unknown): string | null {
  if (!(fault instanceof Database.SqliteError) || fault.code !== 'SQLITE_CONSTRAINT_TRIGGER') return null;
  return fault.message.startsWith(REFUSAL) ? fault.message.slice(REFUSAL.length) : null;
}

/** Another number once another connection has committed anything. */
function versionOf(raw: Database.Database): unknown {
  return raw.pragma('data_version', { simple: true });
}

function durably(raw: Database.Database, work: () => void): void {
  raw.pragma('synchronous = FULL');
  try {
    raw.transaction(work).immediate();
  } finally {
    raw.pragma('synchronous = NORMAL');
  }
}

const EVENTS = ['insert', 'update', 'delete'] as const;

function refuseWrites(raw: Database.Database, tables: readonly string[], because: string): void {
  dropTriggers(raw);
  const message = `'${(REFUSAL + because).replaceAll("'", "''")}'`;
  const held = `(select sealed_at is not null or held_until > ${NOW} from counterfoil_move)`;
  const trigger = (table: string, event: string, refuse: string) =>
    raw.exec(
      `create trigger counterfoil_move_${table}_${event} before ${event} on ${table} when ${held}
       begin select ${refuse}; end`,
    );
  for (const event of EVENTS) {
    for (const table of tables) trigger(table, event, `raise(abort, ${message})`);
    // Nobody gets a lease, without an error: chores rest, and nothing changes that `seal` would notice.
    trigger('leases', event, 'raise(ignore)');
  }
}

function letWrite(raw: Database.Database): void {
  dropTriggers(raw);
  raw.exec('update counterfoil_move set target = null, held_until = null, sealed_at = null');
}

function dropTriggers(raw: Database.Database): void {
  const names = raw
    .prepare(
      `select name from sqlite_master where type = 'trigger' and name like 'counterfoil\\_move\\_%' escape '\\'`,
    )
    .pluck()
    .all() as string[];
  for (const name of names) raw.exec(`drop trigger ${name}`);
}
