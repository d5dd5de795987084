/**
 * The end of a copy. The order is what makes it safe: the target lets nobody write until it is opened. Writes at the
 * source are refused, by a hold that lapses, for as long as the last pass takes; the target is complete and on its disk
 * before the source is sealed, and the source is sealed before the target is opened. A process that dies leaves, at
 * every point, a source that serves on, or one that is sealed beside a target that has everything, and that the next run
 * opens.
 */

import { type Watch, watchChanges } from '../sqlite/changes.js';
import { type Hold, hold } from '../sqlite/move.js';
import type { CopyOutcome, CopyReport } from './order.js';
import { compareCounts, messageOf, pass, passOfChanges, type Sides, together } from './pass.js';
import { TABLES } from './plan.js';
import { CopyDiffers } from './reconcile.js';
import { Source } from './source.js';

/** How long a hold and a watch last when the process is gone. */
const TTL_MS = 10_000;
const EXTEND_EVERY_MS = 2_000;
/** Writes are refused once no more rows than this are left to look at, or after so many passes over what changed. */
const FEW = 500;
const PASSES = 5;
const NAMES = TABLES.map(({ name }) => name);
const WATCHED = TABLES.map(({ name, columns: [key] }) => ({ name, key: key.name }));

/** `source` names the source. */
export async function cutOver(sides: Sides, source: string): Promise<CopyOutcome> {
  const first = await pass(sides, { stage: 'copying', writes: true });
  await sides.target.analyze();
  const watch = watchChanges(sides.connection.raw, WATCHED, TTL_MS);
  const extending = setInterval(() => watch.extend(TTL_MS), EXTEND_EVERY_MS);
  try {
    // Every row is looked at while changes are watched: what has not changed by the end has been verified here.
    const reports = [first, await pass(sides, { stage: 'catching up', writes: true })];
    for (let round = 1; round <= PASSES && watch.count() > FEW; round++)
      reports.push(await passOfChanges(sides, watch, { stage: 'catching up', writes: true }));
    return await whileHeld(sides, { source, watch, reports });
  } finally {
    clearInterval(extending);
    watch.stop();
  }
}

interface Prepared {
  readonly source: string;
  readonly watch: Watch;
  readonly reports: readonly CopyReport[];
}

async function whileHeld(sides: Sides, { source, watch, reports }: Prepared): Promise<CopyOutcome> {
  const { request, connection } = sides;
  const beganAt = request.clock.monotonic();
  const heldMs = () => Math.round(request.clock.monotonic() - beganAt);
  const checkTime = () => {
    if (heldMs() > request.maxHoldMs) throw new CopyDiffers('it took longer than writes may be refused');
  };
  const holding = hold(connection.raw, NAMES, { target: request.targetName, ttlMs: TTL_MS });
  const extending = setInterval(() => {
    if (heldMs() < request.maxHoldMs) holding.extend(TTL_MS);
  }, EXTEND_EVERY_MS);
  let report: CopyReport;
  try {
    const last = await passOfChanges(sides, watch, {
      stage: 'cutting over',
      writes: true,
      onRange: checkTime,
    });
    report = together(await compareCounts(sides), [...reports, last]);
    await settle(sides, source);
    checkTime();
    if (watch.missed()) throw new CopyDiffers('this process stood still, and changes went unnoticed');
    if (!holding.seal(request.clock.now()))
      throw new CopyDiffers('something was written at the source meanwhile');
  } catch (fault) {
    return { kind: 'not-cut-over', reason: released(holding, fault), heldMs: heldMs() };
  } finally {
    clearInterval(extending);
  }
  return opened(sides, { kind: 'moved', heldMs: heldMs(), ...report });
}

/** For a source that an earlier run has sealed: looks once more, and opens the target. */
export async function finish(sides: Sides, source: string): Promise<CopyOutcome> {
  const report = await pass(sides, { stage: 'cutting over', writes: true });
  await settle(sides, source);
  return opened(sides, { kind: 'moved', heldMs: null, ...report });
}

/** All of it is there and on the disk of the target, numbers included. */
async function settle({ connection, target }: Sides, source: string): Promise<void> {
  const rows = new Source(connection.raw);
  const numbered = TABLES.filter((table) => table.numbered !== null);
  await target.settle(source, new Map(numbered.map((table) => [table, rows.lastNumber(table)])));
}

async function opened({ target }: Sides, outcome: CopyOutcome): Promise<CopyOutcome> {
  try {
    await target.open();
    return outcome;
  } catch (fault) {
    return { kind: 'not-opened', reason: messageOf(fault) };
  }
}

function released(holding: Hold, fault: unknown): string {
  const because = messageOf(fault);
  try {
    holding.release();
    return because;
  } catch (another) {
    return `${because}; the hold could not be given up and lapses by itself: ${messageOf(another)}`;
  }
}
