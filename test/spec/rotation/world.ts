/**
 * What a schedule is in the middle of: the rows and their past, the wire, and what owner and thief hold. Plain data, so
 * that two schedules that lead to the same world are explored on together.
 */

import type { Row } from './database.js';

export type Party = 'owner' | 'thief';

/**
 * How the owner's client is built. `sdk` keeps one idempotency key for each refresh, shared by its tabs, and sends the
 * next refresh only when no request of the one before is on its way any more. `tabs` are two tabs on one cookie
 * without keys. `plain` is one client that holds its token itself and knows no keys.
 */
export type ClientKind = 'sdk-cookie' | 'sdk-body' | 'tabs' | 'plain';

export interface Setting {
  readonly client: ClientKind;
  readonly thief: boolean;
  /** How often, in one schedule, the database may be put back (crash or older copy). */
  readonly rewinds: number;
  /** How often, in one schedule, the network may make a second copy of a request. */
  readonly copies: number;
  /** How often, in one schedule, time may pass. */
  readonly ticks: number;
}

/** A state the database was in, with what the explorer knows of it by its own book-keeping. */
export interface Moment {
  /** The same for equal moments of one exploration. */
  readonly id: number;
  /** The same for equal rows of one exploration. */
  readonly rowId: number;
  readonly row: Row;
  /** Logged out, or found to be reused: as the explorer saw it happen, not as the row says. */
  readonly ended: boolean;
  /** Whether a refresh with an idempotency key has rotated. */
  readonly keyed: boolean;
  readonly rotatedAt: number;
  /** Which party used up which generation, and when. */
  readonly used: readonly Use[];
}

export interface Use {
  readonly generation: number;
  readonly by: Party;
  readonly at: number;
}

export interface Request {
  readonly by: Party;
  readonly generation: number;
  readonly key: string | null;
  /** What the server has read for it; null while it is on its way. */
  readonly read: Moment | null;
  /** A second copy that the network made: nobody waits for its answer. */
  readonly copy: boolean;
}

/** An answer on its way to the owner. */
export interface Answer {
  readonly asked: number;
  readonly key: string | null;
  readonly generation: number;
}

export interface Holder {
  /** Of the newest token held. */
  readonly generation: number;
  /** The key of the refresh under way, kept until its answer is there. */
  readonly key: string | null;
  /** The token that key was first sent with. */
  readonly keyFor: number;
  readonly keysMade: number;
}

export interface World {
  readonly now: number;
  /** Oldest first; the last is the present. Only the present once nothing can be put back any more. */
  readonly past: readonly Moment[];
  /** From here on a power cut may lose what came after. */
  readonly durable: number;
  readonly owner: Holder;
  readonly thief: Holder | null;
  /** Whether the thief has presented a token yet: until then he might as well not be there. */
  readonly thiefActed: boolean;
  readonly requests: readonly Request[];
  readonly answers: readonly Answer[];
  /** Whether the other party has rotated, in the surviving past, since this one was last answered. */
  readonly behind: Readonly<Record<Party, boolean>>;
  /** Refreshes that may be answered all the same: one for each rotation that was lost, since parties hold tokens of each. */
  readonly allowance: number;
  /** Whether an allowance was ever used. */
  readonly allowed: boolean;
  readonly rewinds: number;
  readonly copies: number;
  readonly ticks: number;
  /** What a wrong judge remembers between presentations. */
  readonly memory: number;
}

/** Knows every moment and row of one exploration by number, so that worlds are compared by numbers. */
export class Moments {
  readonly #moments = new Map<string, Moment>();
  readonly #rows = new Map<string, number>();

  known(moment: Omit<Moment, 'id' | 'rowId'>): Moment {
    const name = JSON.stringify(moment);
    const found = this.#moments.get(name);
    if (found !== undefined) return found;
    const rowName = JSON.stringify(moment.row);
    const rowId = this.#rows.get(rowName) ?? this.#rows.size;
    this.#rows.set(rowName, rowId);
    const made = { ...moment, id: this.#moments.size, rowId };
    this.#moments.set(name, made);
    return made;
  }
}

export function firstWorld(moment: Moment, setting: Setting): World {
  return {
    now: moment.row.createdAt,
    past: [moment],
    durable: 0,
    owner: { generation: 0, key: null, keyFor: 0, keysMade: 0 },
    thief: null,
    thiefActed: false,
    requests: [],
    answers: [],
    behind: { owner: false, thief: false },
    allowance: 0,
    allowed: false,
    rewinds: setting.rewinds,
    copies: setting.copies,
    ticks: setting.ticks,
    memory: 0,
  };
}

export function present(world: World): Moment {
  const moment = world.past.at(-1);
  if (moment === undefined) throw new Error('a world has a present');
  return moment;
}

/** The same text for two worlds that differ in nothing that can matter later. */
export function nameOf(world: World): string {
  const { owner, thief, behind } = world;
  return [
    world.now,
    world.past.map((moment) => moment.id).join(),
    world.durable,
    holderName(owner),
    thief === null ? '' : holderName(thief),
    Number(world.thiefActed),
    world.requests.map(requestName).sort().join(),
    world.answers
      .map(({ asked, key, generation }) => `${asked}>${generation}${key}`)
      .sort()
      .join(),
    `${Number(behind.owner)}${Number(behind.thief)}${world.allowance}${Number(world.allowed)}`,
    `${world.rewinds}${world.copies}${world.ticks}`,
    world.memory,
  ].join('|');
}

function requestName({ by, generation, key, read, copy }: Request): string {
  return `${by}:${generation}:${key}:${read?.id}:${copy}`;
}

function holderName({ generation, key, keyFor, keysMade }: Holder): string {
  return `${generation}:${key}:${key === null ? '' : keyFor}:${keysMade}`;
}
