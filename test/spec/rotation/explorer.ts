/**
 * Exhaustive exploration: every schedule of the machine up to a depth, breadth first, so that the first violation found
 * is a shortest one. Worlds that are equal are explored on once; how many schedules that stands for is counted exactly.
 */

import { createHash } from 'node:crypto';
import type { Violation } from './consequences.js';
import type { Machine, Move } from './machine.js';
import { nameOf, type World } from './world.js';

export interface Exploration {
  readonly depth: number;
  /** Different worlds, moves between them, and schedules of exactly `depth` moves or to a dead end before. */
  readonly worlds: number;
  readonly moves: number;
  readonly schedules: number;
  /** Different requests that were served by the real store. */
  readonly services: number;
  readonly seconds: number;
  /** Worlds in which a loss of rotations let one refresh more pass: shows that this bound is no idle one. */
  readonly allowances: number;
  readonly found: Found | null;
}

export interface Found {
  readonly violation: Violation;
  readonly schedule: readonly string[];
}

interface Node {
  readonly world: World;
  readonly index: number;
}

/** Which worlds are known, by number, and how each was first reached. */
class Atlas {
  readonly #numbers = new Map<string, number>();
  readonly #reached: { readonly from: number; readonly name: string }[] = [];

  get size(): number {
    return this.#reached.length;
  }

  /** The world's number, and whether it is a new one. */
  enter(world: World, from: number, name: () => string): { readonly index: number; readonly isNew: boolean } {
    const key = digest(world);
    const known = this.#numbers.get(key);
    if (known !== undefined) return { index: known, isNew: false };
    const index = this.#reached.push({ from, name: name() }) - 1;
    this.#numbers.set(key, index);
    return { index, isNew: true };
  }

  wayTo(index: number): string[] {
    const step = this.#reached[index];
    return step === undefined || index === 0 ? [] : [...this.wayTo(step.from), step.name];
  }
}

export async function explore(machine: Machine, depth: number): Promise<Exploration> {
  const startedAt = performance.now();
  const atlas = new Atlas();
  const first = machine.first();
  atlas.enter(first, 0, () => '');
  const edges: number[][] = [];
  let moves = 0;
  let allowances = 0;
  let found: Found | null = null;

  /** All moves from one world: the worlds it leads to for the first time. */
  async function expand({ world, index }: Node): Promise<Node[]> {
    const targets: number[] = [];
    const fresh: Node[] = [];
    for (const move of machine.moves(world)) {
      const step = await machine.apply(world, move);
      const name = () => describe(world, move);
      moves += 1;
      if (step.violation !== null)
        found ??= { violation: step.violation, schedule: [...atlas.wayTo(index), name()] };
      const entered = atlas.enter(step.world, index, name);
      targets.push(entered.index);
      if (!entered.isNew) continue;
      fresh.push({ world: step.world, index: entered.index });
      if (step.world.allowed) allowances += 1;
    }
    edges[index] = targets;
    return fresh;
  }

  let layer: Node[] = [{ world: first, index: 0 }];
  for (let at = 0; at < depth && found === null; at++) {
    const next: Node[] = [];
    for (const node of layer) {
      next.push(...(await expand(node)));
      if (found !== null) break;
    }
    layer = next;
  }
  return {
    depth,
    worlds: atlas.size,
    moves,
    schedules: schedulesOver(edges, atlas.size, depth),
    services: machine.services,
    seconds: (performance.now() - startedAt) / 1000,
    allowances,
    found,
  };
}

/** How many different ways of `depth` moves lead through the graph. */
function schedulesOver(
  edges: readonly (readonly number[] | undefined)[],
  size: number,
  depth: number,
): number {
  let ways = new Float64Array(size);
  ways[0] = 1;
  let stopped = 0;
  for (let at = 0; at < depth; at++) {
    const after = new Float64Array(size);
    for (const [index, count] of ways.entries()) {
      if (count === 0) continue;
      const targets = edges[index] ?? [];
      if (targets.length === 0) stopped += count;
      for (const target of targets) after[target] = (after[target] ?? 0) + count;
    }
    ways = after;
  }
  return ways.reduce((sum, count) => sum + count, stopped);
}

function digest(world: World): string {
  return createHash('sha1').update(nameOf(world)).digest('base64');
}

/** One move in words. */
export function describe(world: World, move: Move): string {
  switch (move.kind) {
    case 'send':
      return `the owner sends token ${world.owner.generation}`;
    case 'refresh':
      return `the owner refreshes with token ${world.owner.generation}`;
    case 'read':
    case 'serve':
    case 'lose':
    case 'copy':
      return requestMove(world, move.kind, move.request);
    case 'arrive':
      return `an answer arrives (token ${world.answers[move.answer]?.generation})`;
    case 'half':
      return `a cookie arrives (token ${world.answers[move.answer]?.generation}), but its page is gone`;
    case 'lose-answer':
      return `an answer is lost (token ${world.answers[move.answer]?.generation})`;
    case 'steal':
      return `a thief copies token ${move.generation}`;
    case 'thief-refresh':
    case 'thief-read': {
      const verb = move.kind === 'thief-refresh' ? 'refreshes' : 'is read';
      return `the thief ${verb} with token ${world.thief?.generation}${move.withKey ? ' and a key of his own' : ''}`;
    }
    case 'tick':
      return `${move.seconds} s pass`;
    case 'rewind':
      return `${move.to < world.durable ? 'an older copy is restored' : 'a crash loses the last rotations'} (state ${move.to})`;
    case 'logout':
    case 'logout-all':
      return move.kind;
    case 'garbage':
      return 'a forged token is presented';
  }
}

function requestMove(world: World, kind: 'read' | 'serve' | 'lose' | 'copy', index: number): string {
  const request = world.requests[index];
  if (request === undefined) return kind;
  const words = { read: 'is read', serve: 'is served', lose: 'is lost', copy: 'is copied by the network' };
  const key = request.key === null ? '' : ` (key ${request.key})`;
  const copy = request.copy ? 'the copy of ' : '';
  const read = request.read === null ? '' : ', read earlier,';
  return `${copy}the ${request.by}'s request with token ${request.generation}${key}${read} ${words[kind]}`;
}
