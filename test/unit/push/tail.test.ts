/** The tail over a log whose transactions commit in another order than they began. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditRecord, auditEvent } from '../../../src/entities/audit.js';
import { EventTail } from '../../../src/push/tail.js';
import { silentLog } from '../../../src/system/log.js';
import { fakeClock } from '../../../src/testing/clock.js';

/** Rows that are there, and those of transactions that are open. */
function logOf() {
  const visible: AuditRecord[] = [];
  let failing = false;
  let next = 0;
  const answer = <Value>(value: Value) =>
    failing ? Promise.reject(new Error('The database is gone.')) : Promise.resolve(value);
  return {
    begin: (): AuditRecord => {
      next += 1;
      return { ...auditEvent('login.succeeded', 0), sequence: next };
    },
    commit: (record: AuditRecord) => {
      visible.push(record);
      visible.sort((a, b) => a.sequence - b.sequence);
    },
    fail: (fails: boolean) => {
      failing = fails;
    },
    audit: {
      end: () => answer(visible.at(-1)?.sequence ?? 0),
      after: (sequence: number, limit: number) =>
        answer(visible.filter((record) => record.sequence > sequence).slice(0, limit)),
    },
  };
}

function tailOf(log: ReturnType<typeof logOf>) {
  const clock = fakeClock();
  const told: number[] = [];
  const tail = new EventTail({
    audit: log.audit,
    clock,
    report: silentLog,
    pollEveryMs: 1_000_000,
    onRecord: ({ sequence }) => void told.push(sequence),
  });
  return { tail, told, clock };
}

interface Step {
  readonly does: 'begin' | 'commit' | 'read' | 'pass' | 'fail' | 'heal';
  readonly which: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom('begin', 'begin', 'commit', 'read', 'pass', 'fail', 'heal'),
  which: fc.nat(10),
});

/** Transactions that begin, commit in any order, and are open for four seconds at most. */
function writers(log: ReturnType<typeof logOf>, now: () => number) {
  let open: { readonly record: AuditRecord; readonly at: number }[] = [];
  const committed: number[] = [];
  const commit = ({ record }: (typeof open)[number]) => {
    log.commit(record);
    committed.push(record.sequence);
  };
  return {
    committed,
    begin: () => open.push({ record: log.begin(), at: now() }),
    commit: (which: number) => open.splice(which % Math.max(1, open.length), 1).forEach(commit),
    commitOld: () => {
      const isOld = ({ at }: (typeof open)[number]) => now() - at >= 4_000;
      open.filter(isOld).forEach(commit);
      open = open.filter((each) => !isOld(each));
    },
  };
}

describe('the tail', () => {
  it('tells each row once, in whatever order they commit, where none is open for longer than a statement may take', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const log = logOf();
        const { tail, told, clock } = tailOf(log);
        const all = writers(log, () => clock.monotonic());
        const moves: Readonly<Record<Step['does'], (which: number) => unknown>> = {
          begin: all.begin,
          commit: all.commit,
          read: () => tail.catchUp().catch(() => {}),
          fail: () => log.fail(true),
          heal: () => log.fail(false),
          pass: (which) => {
            clock.advance(400 * which);
            all.commitOld();
          },
        };
        await tail.start();
        for (const { does, which } of steps) await moves[does](which);
        log.fail(false);
        await tail.catchUp();
        const ordered = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
        expect(ordered(told)).toEqual(ordered(all.committed));
        tail.stop();
      }),
      { numRuns: 300 },
    );
  });

  it('tells nothing of before it was started, also when it is started again', async () => {
    const log = logOf();
    const { tail, told } = tailOf(log);
    log.commit(log.begin());
    await tail.start();
    log.commit(log.begin());
    await tail.catchUp();
    tail.stop();
    log.commit(log.begin());
    await tail.start();
    log.commit(log.begin());
    await tail.catchUp();
    expect(told).toEqual([2, 4]);
    tail.stop();
  });

  it('tells what was under way when it was started, behind rows that were there', async () => {
    const log = logOf();
    const { tail, told } = tailOf(log);
    const open = log.begin();
    log.commit(log.begin());
    await tail.start();
    log.commit(open);
    await tail.catchUp();
    expect(told).toEqual([1]);
    tail.stop();
  });

  it('reads more than one page', async () => {
    const log = logOf();
    const { tail, told } = tailOf(log);
    await tail.start();
    for (let n = 0; n < 1_234; n += 1) log.commit(log.begin());
    await tail.catchUp();
    expect(told).toHaveLength(1_234);
    tail.stop();
  });

  it('says that it cannot start where the log cannot be read', async () => {
    const log = logOf();
    const { tail, told } = tailOf(log);
    log.fail(true);
    await expect(tail.start()).rejects.toThrow('gone');
    log.fail(false);
    await tail.start();
    log.commit(log.begin());
    await tail.catchUp();
    expect(told).toEqual([1]);
    tail.stop();
  });
});
