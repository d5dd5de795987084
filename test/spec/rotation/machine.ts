/**
 * The machine of schedules: which moves a world allows, and the world each leads to. Requests are served by the real
 * server; everything else is book-keeping on plain data. One move is one event: a request is sent, read, served, lost
 * or copied, an answer arrives or is lost, time passes, a session is ended, the database is put back.
 */

import { garbageViolation, type Violation, violationIn } from './consequences.js';
import type { Row } from './database.js';
import type { RotationServer, Served } from './server.js';
import {
  type Answer,
  firstWorld,
  type Holder,
  type Moment,
  Moments,
  type Party,
  present,
  type Request,
  type Setting,
  type World,
} from './world.js';

export type Move =
  | { readonly kind: 'send' | 'refresh' | 'logout' | 'logout-all' | 'garbage' }
  | { readonly kind: 'read' | 'serve' | 'lose' | 'copy'; readonly request: number }
  /** `half`: the browser keeps the cookie, but the page is gone before its script hears of it. */
  | { readonly kind: 'arrive' | 'half' | 'lose-answer'; readonly answer: number }
  | { readonly kind: 'steal'; readonly generation: number }
  | { readonly kind: 'thief-refresh' | 'thief-read'; readonly withKey: boolean }
  | { readonly kind: 'tick'; readonly seconds: number }
  | { readonly kind: 'rewind'; readonly to: number };

export interface Step {
  readonly world: World;
  readonly violation: Violation | null;
}

/** What a wrong judge remembers from one presentation to the next, so that schedules can be resumed in the middle. */
export interface Memory {
  value: number;
}

type Outcome = Served & { readonly memory: number };

/** Within the grace; beyond it; long, but not idle; beyond the idle expiry. Two long ones pass the absolute expiry. */
const TICKS = [20, 31, 900, 1001];
const MOST_ON_THE_WAY = 2;
const ASKING: ReadonlySet<Move['kind']> = new Set(['refresh', 'serve', 'arrive', 'thief-refresh']);

export class Machine {
  readonly setting: Setting;
  readonly #server: RotationServer;
  readonly #memory: Memory;
  readonly #moments = new Moments();
  /** Services that have run already; null where each must run anew. */
  readonly #served: Map<string, Outcome> | null;

  constructor(setting: Setting, server: RotationServer, options: { memory?: Memory; remember: boolean }) {
    this.setting = setting;
    this.#server = server;
    this.#memory = options.memory ?? { value: 0 };
    this.#served = options.remember ? new Map() : null;
  }

  /** How many different things have run on the real server. */
  get services(): number {
    return this.#served?.size ?? 0;
  }

  first(): World {
    const row = this.#server.first;
    const moment = { row, ended: false, keyed: false, rotatedAt: row.createdAt, used: [] };
    return firstWorld(this.#moments.known(moment), this.setting);
  }

  moves(world: World): Move[] {
    const moves = this.#allMoves(world);
    // Once the session is dead for good, all that is left to see is that every way of asking gets the same no.
    return isOver(world) ? moves.filter(({ kind }) => ASKING.has(kind)) : moves;
  }

  #allMoves(world: World): Move[] {
    const moves: Move[] = [];
    if (this.#maySend(world)) moves.push({ kind: 'refresh' }, { kind: 'send' });
    for (const [index, request] of world.requests.entries()) {
      moves.push({ kind: 'serve', request: index });
      if (request.read === null) moves.push({ kind: 'read', request: index });
      if (request.read === null && request.by === 'owner') {
        moves.push({ kind: 'lose', request: index });
        if (world.copies > 0 && !request.copy) moves.push({ kind: 'copy', request: index });
      }
    }
    for (const answer of world.answers.keys()) {
      moves.push({ kind: 'arrive', answer }, { kind: 'lose-answer', answer });
      if (this.setting.client === 'sdk-cookie') moves.push({ kind: 'half', answer });
    }
    moves.push(...thiefMoves(world, this.setting), ...worldMoves(world));
    return moves;
  }

  async apply(world: World, move: Move): Promise<Step> {
    switch (move.kind) {
      case 'send':
        return calm(this.#sent(world));
      case 'refresh':
        return this.#refreshed(world);
      case 'read':
        return calm(replaceRequest(world, move.request, (request) => ({ ...request, read: present(world) })));
      case 'serve':
        return this.#serve(withoutRequest(world, move.request), requestAt(world, move.request));
      case 'lose':
        return calm(withoutRequest(world, move.request));
      case 'copy': {
        const copy = { ...requestAt(world, move.request), copy: true };
        return calm({ ...world, copies: world.copies - 1, requests: [...world.requests, copy] });
      }
      case 'arrive':
      case 'half':
        return calm(this.#arrived(world, move.answer, move.kind === 'half'));
      case 'lose-answer':
        return calm({ ...world, answers: world.answers.filter((_, index) => index !== move.answer) });
      case 'steal': {
        const thief = { generation: move.generation, key: null, keyFor: 0, keysMade: 0 };
        return calm({ ...world, thief, behind: { ...world.behind, thief: false } });
      }
      case 'thief-refresh':
      case 'thief-read':
        return this.#thiefActs(world, move.withKey, move.kind === 'thief-read');
      case 'tick':
        return calm({ ...world, ticks: world.ticks - 1, now: world.now + move.seconds * 1000 });
      case 'logout':
      case 'logout-all':
        return this.#endedBy(world, move.kind);
      case 'garbage':
        return this.#garbage(world);
      case 'rewind':
        return calm(rewound(world, move.to));
    }
  }

  /** Tabs send while another's request is on its way; a new refresh of the SDK waits until none is. */
  #maySend(world: World): boolean {
    const { client } = this.setting;
    const own = world.requests.filter(({ by }) => by === 'owner');
    const awaited = own.filter(({ copy }) => !copy).length + world.answers.length;
    if (awaited >= (client === 'plain' ? 1 : MOST_ON_THE_WAY)) return false;
    if (client === 'tabs' || client === 'plain' || isRetry(world.owner)) return true;
    return own.length === 0 && (client === 'sdk-body' || world.answers.length === 0);
  }

  #sent(world: World): World {
    const owner = this.setting.client.startsWith('sdk') ? withKey(world.owner, 'o') : world.owner;
    const request = requestOf('owner', owner);
    return { ...world, owner, requests: [...world.requests, request] };
  }

  /** The undisturbed refresh, as one move: sent, served, answered. */
  async #refreshed(world: World): Promise<Step> {
    const sent = this.#sent(world);
    const last = sent.requests.length - 1;
    const { world: served, violation } = await this.#serve(withoutRequest(sent, last), requestAt(sent, last));
    if (violation !== null || served.answers.length === sent.answers.length)
      return { world: served, violation };
    return calm(this.#arrived(served, served.answers.length - 1, false));
  }

  #arrived(world: World, index: number, half: boolean): World {
    const answer = world.answers[index] as Answer;
    const answers = world.answers.filter((_, other) => other !== index);
    return { ...world, answers, owner: this.#heldAfter(world.owner, answer, half) };
  }

  /** A browser keeps whichever cookie comes last; the SDK keeps a token only in place of the one it asked with. */
  #heldAfter(owner: Holder, { asked, key, generation }: Answer, half: boolean): Holder {
    if (this.setting.client === 'sdk-body')
      return owner.generation === asked ? { ...owner, generation, key: null } : owner;
    return { ...owner, generation, key: half || key !== owner.key ? owner.key : null };
  }

  async #thiefActs(world: World, keyed: boolean, readOnly: boolean): Promise<Step> {
    if (world.thief === null) throw new Error('there is no thief yet');
    const thief = keyed ? withKey(world.thief, 't') : world.thief;
    const request = { ...requestOf('thief', thief), key: keyed ? thief.key : null };
    const acted = { ...world, thief };
    if (readOnly)
      return calm({ ...acted, requests: [...acted.requests, { ...request, read: present(world) }] });
    return this.#serve(acted, request);
  }

  async #serve(world: World, request: Request): Promise<Step> {
    const { reply, after, memory } = await this.#run(world, request);
    const { client } = this.setting;
    const violation = violationIn({ world, client, request, reply, after, granted: this.#server.granted });
    const base = { ...world, memory, thiefActed: world.thiefActed || request.by === 'thief' };
    if (reply.kind === 'reused') return { world: this.#ended(base, after), violation };
    if (reply.kind !== 'renewed') return { world: base, violation };
    const kept = this.#answered(base, request, reply.successor);
    return { world: reply.verdict === 'rotate' ? this.#rotated(kept, request, after) : kept, violation };
  }

  #run(world: World, { generation, key, read }: Request): Promise<Outcome> {
    const { row } = present(world);
    const service = { row, read: read?.row ?? null, now: world.now, generation, key };
    return this.#once(world, `${read?.rowId}|${generation}|${key}`, () => this.#server.renew(service));
  }

  /** Runs on the real server, unless the very same thing has run on the very same rows at the same time. */
  async #once(world: World, what: string, run: () => Promise<Served>): Promise<Outcome> {
    const name = `${present(world).rowId}|${world.now}|${world.memory}|${what}`;
    const known = this.#served?.get(name);
    if (known !== undefined) return known;
    this.#memory.value = world.memory;
    const outcome = { ...(await run()), memory: this.#memory.value };
    this.#served?.set(name, outcome);
    return outcome;
  }

  #answered(world: World, request: Request, generation: number): World {
    // An answer formed on rows read earlier may bring nobody up to date.
    const fresh = generation >= present(world).row.generation;
    const behind = fresh ? { ...world.behind, [request.by]: false } : world.behind;
    const spent = world.behind[request.by] ? { allowance: world.allowance - 1, allowed: true } : {};
    const answered = {
      ...world,
      behind,
      ...(request.generation >= present(world).row.generation ? spent : {}),
    };
    if (request.copy) return answered;
    if (request.by === 'owner') {
      const answer = { asked: request.generation, key: request.key, generation };
      return { ...answered, answers: [...answered.answers, answer] };
    }
    const thief = answered.thief as Holder;
    return { ...answered, thief: { ...thief, generation, key: request.key === null ? thief.key : null } };
  }

  #rotated(world: World, { by, generation, key }: Request, row: Row): World {
    const before = present(world);
    const use = { generation, by, at: world.now };
    const moment = {
      row,
      ended: false,
      keyed: before.keyed || key !== null,
      rotatedAt: world.now,
      used: this.setting.thief ? [...before.used, use] : [],
    };
    const behind = { owner: by === 'thief', thief: by === 'owner' && world.thief !== null };
    return this.#on({ ...world, behind: { ...world.behind, ...behind, [by]: false } }, moment, false);
  }

  #ended(world: World, row: Row): World {
    return this.#on(world, { ...present(world), row, ended: true }, true);
  }

  #on(
    world: World,
    { row, ended, keyed, rotatedAt, used }: Omit<Moment, 'id' | 'rowId'>,
    durable: boolean,
  ): World {
    const moment = this.#moments.known({ row, ended, keyed, rotatedAt, used });
    if (world.rewinds === 0) return { ...world, past: [moment], durable: 0 };
    const past = [...world.past, moment];
    return { ...world, past, durable: durable ? past.length - 1 : world.durable };
  }

  async #endedBy(world: World, how: 'logout' | 'logout-all'): Promise<Step> {
    const { row } = present(world);
    const { after } = await this.#once(world, how, async () => {
      const end = how === 'logout' ? this.#server.logout : this.#server.logoutAll;
      return { reply: { kind: 'ended' }, after: await end.call(this.#server, row, world.now) };
    });
    const done = how === 'logout' ? after.endedAt !== null : after.userEpoch === row.userEpoch + 1;
    const violation: Violation | null = done ? null : { consequence: 4, what: `${how} ended nothing` };
    return { world: this.#ended(world, after), violation };
  }

  async #garbage(world: World): Promise<Step> {
    const { row } = present(world);
    const service = { row, read: null, now: world.now, generation: 0, key: null, forged: true };
    const outcome = await this.#once(world, 'garbage', () => this.#server.renew(service));
    return { world, violation: garbageViolation(row, outcome) };
  }
}

function thiefMoves(world: World, setting: Setting): Move[] {
  if (!setting.thief) return [];
  if (world.thief === null) {
    const within = new Set([world.owner.generation, ...world.answers.map(({ generation }) => generation)]);
    return [...within].map((generation) => ({ kind: 'steal', generation }));
  }
  if (world.requests.some(({ by }) => by === 'thief')) return [];
  return [true, false].flatMap((keyed) => [
    { kind: 'thief-refresh', withKey: keyed },
    { kind: 'thief-read', withKey: keyed },
  ]);
}

function worldMoves(world: World): Move[] {
  const moves: Move[] = [];
  if (world.ticks > 0) moves.push(...TICKS.map((seconds) => ({ kind: 'tick', seconds }) as const));
  if (!present(world).ended) moves.push({ kind: 'logout' }, { kind: 'logout-all' }, { kind: 'garbage' });
  if (world.rewinds > 0)
    for (let to = 0; to < world.past.length - 1; to++) moves.push({ kind: 'rewind', to });
  return moves;
}

/** The server stops and starts again on an earlier state: what it was working on is gone, what is on the wire is not. */
function rewound(world: World, to: number): World {
  const rewinds = world.rewinds - 1;
  const past = world.past.slice(0, to + 1);
  const lost = present(world).row.generation - (past.at(-1)?.row.generation ?? 0);
  return {
    ...world,
    rewinds,
    past: rewinds === 0 ? past.slice(-1) : past,
    durable: rewinds === 0 ? 0 : Math.min(to, world.durable),
    requests: world.requests.filter(({ read }) => read === null),
    behind: { owner: false, thief: false },
    allowance: Math.max(1, lost),
  };
}

function isOver(world: World): boolean {
  return present(world).ended && world.rewinds === 0;
}

function calm(world: World): Step {
  return { world, violation: null };
}

function isRetry({ generation, key, keyFor }: Holder): boolean {
  return key !== null && keyFor === generation;
}

/** The key of the refresh under way, or a new one where there is none. */
function withKey(holder: Holder, letter: string): Holder {
  if (holder.key !== null) return { ...holder, keyFor: holder.generation };
  const keysMade = holder.keysMade + 1;
  return { ...holder, key: `${letter}${keysMade}`, keyFor: holder.generation, keysMade };
}

function requestOf(by: Party, { generation, key }: Holder): Request {
  return { by, generation, key, read: null, copy: false };
}

function requestAt(world: World, index: number): Request {
  return world.requests[index] as Request;
}

function withoutRequest(world: World, index: number): World {
  return { ...world, requests: world.requests.filter((_, other) => other !== index) };
}

function replaceRequest(world: World, index: number, change: (request: Request) => Request): World {
  return {
    ...world,
    requests: world.requests.map((request, other) => (other === index ? change(request) : request)),
  };
}
