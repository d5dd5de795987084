/** `counterfoil copy` on a real SQLite file and a real PostgreSQL: what arrives, what is refused, what is left behind. */

import fc from 'fast-check';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CopyProgress } from '../../../src/store/copy/order.js';
import { migratePostgres } from '../../../src/store/postgres/migrate.js';
import { Connection } from '../../../src/store/sqlite/connection.js';
import { moveOf } from '../../../src/store/sqlite/move.js';
import {
  audited,
  begunSession,
  createdUser,
  ending,
  NOW,
  rotation,
  times,
  userEnding,
  wholeLog,
} from '../../contract/store/fixtures.js';
import { storeAt } from '../../contract/store/postgres.js';
import { type FreshDatabase, freshDatabase, MIGRATIONS } from '../../support/postgres.js';
import { runCommand } from './command.js';
import { Deployment, newVerifier, RULE } from './deployment.js';

let deployment: Deployment;
let database: FreshDatabase;
beforeEach(async () => {
  [deployment, database] = await Promise.all([Deployment.open(), freshDatabase({ migrated: false })]);
});
afterEach(async () => {
  await Promise.all([deployment.close(), database.drop()]);
});

async function ask(statement: string, url = database.url): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Whether everybody may write at the source. */
async function serves({ store }: Deployment): Promise<boolean> {
  return createdUser(store).then(
    () => true,
    () => false,
  );
}

describe('a copy', () => {
  it('is equal to its source by every port, and so is one that is brought up to date', async () => {
    await deployment.settle();
    expect(await deployment.copy(database.url)).toMatchObject({ kind: 'copied', mended: [] });
    expect(await deployment.contentsAt(database.url)).toEqual(await deployment.contents());
    for (let pick = 1000; pick < 1200; pick += 3) await deployment.happen(pick);
    expect(await deployment.copy(database.url)).toMatchObject({ kind: 'copied' });
    expect(await deployment.contentsAt(database.url)).toEqual(await deployment.contents());
  });

  it('sends nothing a second time that has not changed, and goes on where it was interrupted', async () => {
    await deployment.settle();
    const half = new Error('killed');
    let copied = 0;
    const onProgress = ({ rows, of }: CopyProgress) => {
      copied = rows;
      if (rows > of / 2) throw half;
    };
    await expect(deployment.copy(database.url, { onProgress })).rejects.toBe(half);
    const rest = await deployment.copy(database.url);
    const again = await deployment.copy(database.url);
    if (rest.kind !== 'copied' || again.kind !== 'copied') throw new Error('not copied');
    const sum = (tables: readonly { rows: number; sent: number }[], field: 'rows' | 'sent') =>
      tables.reduce((total, table) => total + table[field], 0);
    expect(sum(rest.tables, 'sent')).toBe(sum(rest.tables, 'rows') - copied);
    expect(sum(again.tables, 'sent')).toBe(0);
  });

  it('ends equal whenever it is interrupted, however often, and whatever happens at the source meanwhile', async () => {
    const interruption = fc.record({
      after: fc.integer({ min: 1, max: 60 }),
      meanwhile: fc.array(fc.nat(10_000), { maxLength: 12 }),
      afterwards: fc.array(fc.nat(10_000), { minLength: 10, maxLength: 25 }),
      cutOver: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(interruption, { minLength: 1, maxLength: 3 }), async (interruptions) => {
        const source = await Deployment.open();
        const target = await freshDatabase();
        try {
          await source.settle();
          for (const { after, meanwhile, afterwards, cutOver } of interruptions) {
            let ranges = 0;
            const pending: Promise<void>[] = [];
            const onProgress = () => {
              ranges += 1;
              // Writes that are refused while the file is held are part of the game.
              pending.push(source.happen(meanwhile[ranges % (meanwhile.length || 1)] ?? 0).catch(() => {}));
              if (ranges === after) throw new Error('killed');
            };
            const outcome = await source
              .copy(target.url, { onProgress, mode: cutOver ? 'cut-over' : 'copy' })
              .catch(() => null);
            await Promise.all(pending);
            if (outcome?.kind === 'moved') {
              expect(await source.contentsAt(target.url)).toEqual(await source.contentsBehindSeal());
              return;
            }
            expect(await serves(source)).toBe(true);
            for (const pick of afterwards) await source.happen(pick);
          }
          expect(await source.copy(target.url, { mode: 'cut-over' })).toMatchObject({ kind: 'moved' });
          expect(await source.contentsAt(target.url)).toEqual(await source.contentsBehindSeal());
        } finally {
          await Promise.all([source.close(), target.drop()]);
        }
      }),
      { numRuns: 2 },
    );
  }, 240_000);

  it('gives an address to whoever has it now, in whatever order the rows are sent', async () => {
    const users = await Promise.all(times(8, () => createdUser(deployment.store)));
    await deployment.copy(database.url, { rowsAtOnce: 1 });
    for (const { id, email } of users) {
      await deployment.store.users.remove(userEnding(id));
      await createdUser(deployment.store, { email });
    }
    expect(await deployment.copy(database.url, { rowsAtOnce: 1 })).toMatchObject({ kind: 'copied' });
    expect(await deployment.contentsAt(database.url)).toEqual(await deployment.contents());
  });

  it('lets no server run on it, and nobody write to it, until it is finished', async () => {
    await deployment.settle();
    await deployment.copy(database.url);
    await expect(migratePostgres(database.url, MIGRATIONS)).rejects.toThrow(/unfinished copy/);
    const { store } = storeAt(database.url, 2);
    await expect(createdUser(store)).rejects.toThrow(/does not serve/);
    await expect(store.leases.hold('sweep', 'a', 1000)).rejects.toThrow(/does not serve/);
    await store.close();
    for (const line of [['migrate'], ['users', 'list'], ['doctor']]) {
      const { code, err, out } = await runCommand(deployment.file, line, {
        COUNTERFOIL_DATABASE: database.url,
      });
      expect({ line, code }).toEqual({ line, code: 1 });
      expect(err + out).toMatch(/unfinished copy/);
    }
  });

  it('holds U+FFFD for what PostgreSQL cannot hold, and names the rows', async () => {
    const halves = await createdUser(deployment.store, { name: 'half \ud800 pair' });
    const nul = await createdUser(deployment.store, { name: 'nul \0 within' });
    const honest = await createdUser(deployment.store, { name: 'an honest \ufffd' });
    const copied = await deployment.copy(database.url);
    const hex = (id: string) => Buffer.from(id, 'base64url').toString('hex');
    expect(copied).toMatchObject({ kind: 'copied' });
    expect(new Set('mended' in copied ? copied.mended : [])).toEqual(
      new Set([halves, nul].map(({ id }) => ({ table: 'users', column: 'name', key: hex(id) }))),
    );
    const { store } = storeAt(database.url, 2);
    const nameOf = async ({ id }: { id: typeof halves.id }) => (await store.users.find(id))?.name;
    expect(await nameOf(halves)).toMatch(/^half \ufffd+ pair$/);
    expect(await nameOf(nul)).toBe('nul \ufffd within');
    expect(await nameOf(honest)).toBe('an honest \ufffd');
    await store.close();
    expect(await deployment.copy(database.url)).toMatchObject({ kind: 'copied', mended: [] });
  });
});

describe('a dry run', () => {
  it('says what would be sent, and changes nothing on either side', async () => {
    await deployment.settle();
    const looked = await deployment.copy(database.url, { mode: 'look' });
    expect(looked).toMatchObject({ kind: 'looked', target: 'unmigrated' });
    expect(await ask(`select * from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
    expect(moveOf(deployment.connection.raw)).toBeNull();
    await deployment.copy(database.url);
    const users = await ask('select * from users order by number');
    for (let pick = 0; pick < 40; pick += 2) await deployment.happen(pick);
    const changed = await deployment.copy(database.url, { mode: 'look' });
    expect(changed).toMatchObject({ kind: 'looked', target: 'copy' });
    expect(await ask('select * from users order by number')).toEqual(users);
    expect(await deployment.copy(database.url)).toMatchObject({
      tables: (changed as unknown as { tables: object[] }).tables,
    });
  });
});

describe('a target is refused, and left as it is,', () => {
  it('where there is none', async () => {
    const outcome = await deployment.copy('postgres://nobody:secret@127.0.0.1:1/nothing');
    expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('cannot be used') });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it('where it holds what is not ours', async () => {
    await ask('create table orders (id int)');
    expect(await deployment.copy(database.url)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('not ours (orders)'),
    });
  });

  it('where a deployment has lived', async () => {
    await migratePostgres(database.url, MIGRATIONS);
    const { store } = storeAt(database.url, 2);
    await store.audit.append(audited('user.registered'));
    await store.close();
    for (const mode of ['look', 'copy', 'cut-over'] as const) {
      expect(await deployment.copy(database.url, { mode })).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining('has lived'),
      });
    }
    expect(await ask('select count(*)::int as count from audit_log')).toEqual([{ count: 1 }]);
  });

  it('where it is a copy of another source', async () => {
    await deployment.copy(database.url);
    const another = await Deployment.open();
    expect(await another.copy(database.url)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('copy of another'),
    });
    await another.close();
  });

  it('while another copy is at it', async () => {
    await deployment.settle();
    let other: Promise<unknown> | null = null;
    await deployment.copy(database.url, {
      onProgress: () => {
        other ??= deployment.copy(database.url);
      },
    });
    expect(await other).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('another process'),
    });
  });
});

describe('a cut-over', () => {
  const moved = { kind: 'moved', heldMs: expect.any(Number) };

  it('leaves all of it at the target, open, with numbers that go on, and the source sealed', async () => {
    await deployment.settle();
    // Numbers are not given again, even if their rows are gone.
    const given = (await wholeLog(deployment.store)).at(-1)?.sequence ?? 0;
    await deployment.store.revocations.prune(NOW + 1_000_000_000, 1_000);
    const before = await deployment.contents();
    expect(await deployment.copy(database.url, { mode: 'cut-over' })).toMatchObject(moved);
    expect(await deployment.contentsAt(database.url)).toEqual(before);
    expect(await serves(deployment)).toBe(false);

    await migratePostgres(database.url, MIGRATIONS);
    const { store } = storeAt(database.url, 2);
    const last = (await store.audit.list({ userId: null, kind: null }, { first: 1, after: null })).items[0];
    const position = (await store.revocations.read(null, NOW)).position;
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    await store.sessions.end(ending(session.id));
    const [newest] = (await store.users.list({ first: 1, after: null }, null)).items;
    expect(newest?.item.id).toBe(user.id);
    const [record] = (await store.audit.list({ userId: null, kind: null }, { first: 1, after: null })).items;
    expect(record?.item.sequence).toBe((last?.item.sequence ?? 0) + 3);
    expect((await store.revocations.read(position, NOW)).entries).toMatchObject([
      { sequence: given + 1, revocation: { kind: 'session-ended', sessionId: session.id } },
    ]);
    await store.close();
    // Nothing of the copy is left there.
    expect(await ask(`select 1 from pg_trigger where tgname like 'counterfoil%'`)).toEqual([]);
    expect(await ask(`select 1 from pg_proc where proname like 'counterfoil%'`)).toEqual([]);
  });

  it('sends what comes, changes and goes while it looks at every row once more', async () => {
    await deployment.settle();
    const { store } = deployment;
    const [first, second] = await Promise.all(times(2, () => createdUser(store)));
    if (first === undefined || second === undefined) throw new Error('nobody is there');
    const session = await begunSession(store, await createdUser(store));
    await deployment.copy(database.url);
    const during: Promise<unknown>[] = [];
    let rotated: Promise<unknown> | null = null;
    const onProgress = ({ stage, table }: CopyProgress) => {
      // Sessions have been looked at; it is written a turn later.
      if (stage === 'catching up' && table === 'audit_log')
        rotated ??= store.sessions.rotate(rotation(session, 0));
      // The last table: all others have been looked at.
      if (stage !== 'catching up' || table !== 'key_ring' || during.length > 0) return;
      during.push(store.users.suspend({ ...userEnding(first.id), reason: 'meanwhile' }));
      during.push(store.users.remove(userEnding(second.id)), createdUser(store));
      during.push(store.verifiers.create(newVerifier(), audited('verifier.created')));
      during.push(...times(600, (index) => store.attempts.spend(RULE, `somebody ${index % 7}`)));
    };
    expect(await deployment.copy(database.url, { mode: 'cut-over', onProgress })).toMatchObject(moved);
    await Promise.all(during);
    expect(await rotated).toEqual({ kind: 'rotated' });
    expect(during.length).toBeGreaterThan(600);
    expect(await deployment.contentsAt(database.url)).toEqual(await deployment.contentsBehindSeal());
    const { store: there } = storeAt(database.url, 2);
    expect(await there.users.find(second.id)).toBeNull();
    expect((await there.users.find(first.id))?.standing).toMatchObject({ kind: 'suspended' });
    await there.close();
  });

  it('is given up where a change may have gone unnoticed, since the process stood still', async () => {
    await deployment.settle();
    const onProgress = ({ stage }: CopyProgress) => {
      if (stage !== 'catching up') return;
      deployment.connection.raw.exec('update counterfoil_watch set until = 0');
      deployment.connection.raw.prepare('update users set name = ?').run('unnoticed');
    };
    const outcome = await deployment.copy(database.url, { mode: 'cut-over', onProgress });
    expect(outcome).toMatchObject({ kind: 'not-cut-over', reason: expect.stringContaining('stood still') });
    expect(await serves(deployment)).toBe(true);
    expect(await deployment.copy(database.url, { mode: 'cut-over' })).toMatchObject(moved);
  });

  it('is told from one that has been before, and is never repeated over what has lived since', async () => {
    await deployment.settle();
    await deployment.copy(database.url, { mode: 'cut-over' });
    const { store } = storeAt(database.url, 2);
    const user = await createdUser(store);
    expect(await deployment.copy(database.url, { mode: 'cut-over' })).toEqual({ kind: 'moved-before' });
    expect(await store.users.find(user.id)).not.toBeNull();
    await store.close();
    const elsewhere = await freshDatabase();
    expect(await deployment.copy(elsewhere.url, { mode: 'cut-over' })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('has moved to'),
    });
    await elsewhere.drop();
  });

  it('that cannot verify what it wrote seals nothing, and the source serves on', async () => {
    await deployment.settle();
    await deployment.copy(database.url);
    await ask(`create function meddle() returns trigger language plpgsql as
      $$ begin new.name := 'somebody else'; return new; end $$`);
    await ask('create trigger meddles before insert on users for each row execute function meddle()');
    await createdUser(deployment.store);
    const failed = deployment.copy(database.url, { mode: 'cut-over' });
    await expect(failed).rejects.toThrow(/users: what was written is not what was sent/);
    expect(await serves(deployment)).toBe(true);
    await ask('drop trigger meddles on users');
    expect(await deployment.copy(database.url, { mode: 'cut-over' })).toMatchObject(moved);
  });

  it('that fails at its very last step gives up the hold; nothing is sealed', async () => {
    await deployment.settle();
    let held = false;
    const clock = {
      monotonic: () => performance.now(),
      now: () => {
        held = moveOf(new Connection(deployment.file).raw)?.held ?? false;
        throw new Error('killed');
      },
    };
    expect(await deployment.copy(database.url, { mode: 'cut-over', clock })).toMatchObject({
      kind: 'not-cut-over',
      reason: 'killed',
    });
    expect(held).toBe(true);
    expect(await serves(deployment)).toBe(true);
    expect(await deployment.copy(database.url, { mode: 'cut-over' })).toMatchObject(moved);
  });

  it('that takes longer than writes may be refused is given up', async () => {
    await deployment.settle();
    await createdUser(deployment.store);
    const outcome = await deployment.copy(database.url, { mode: 'cut-over', maxHoldMs: -1 });
    expect(outcome).toMatchObject({ kind: 'not-cut-over', reason: expect.stringContaining('longer') });
    expect(await serves(deployment)).toBe(true);
  });

  it('that dies once the source is sealed is finished by the next run', async () => {
    await deployment.settle();
    const before = await deployment.contents();
    await ask(
      `create function keep() returns event_trigger language plpgsql as $$ begin raise exception 'not now'; end $$`,
    );
    await ask('create event trigger keeps on sql_drop execute function keep()');
    expect(await deployment.copy(database.url, { mode: 'cut-over' })).toMatchObject({
      kind: 'not-opened',
      reason: 'not now',
    });
    expect(await serves(deployment)).toBe(false);
    await expect(migratePostgres(database.url, MIGRATIONS)).rejects.toThrow(/unfinished copy/);
    await ask('drop event trigger keeps');
    expect(await deployment.copy(database.url, { mode: 'cut-over' })).toMatchObject({
      kind: 'moved',
      heldMs: null,
    });
    await migratePostgres(database.url, MIGRATIONS);
    expect(await deployment.contentsAt(database.url)).toEqual(before);
  });
});

describe('the command', () => {
  it('says what it did, what is left to do, and never the password', async () => {
    await deployment.settle();
    const to = { TARGET: database.url };
    const run = (...line: string[]) =>
      runCommand(deployment.file, ['copy', '--to-env', 'TARGET', ...line], to);
    const all = [await run('--dry-run'), await run(), await run('--cut-over')];
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(all[0]?.out).toMatch(/TO SEND[\s\S]*Nothing was changed/);
    expect(all[1]?.out).toMatch(/SENT[\s\S]*--cut-over/);
    expect(all[2]?.out).toMatch(/is sealed\. Writes were refused for [\d.]+ s[\s\S]*master\.key/);
    expect(all[1]?.err).toMatch(/copying: \d+ %/);
    const again = await run('--cut-over', '--json');
    expect({ ...JSON.parse(again.out), code: again.code }).toEqual({ kind: 'moved-before', code: 0 });
    const unsealed = await runCommand(deployment.file, ['copy', '--unseal']);
    expect(unsealed).toMatchObject({
      code: 0,
      out: expect.stringContaining('knows nothing of what happened'),
    });
    expect(await serves(deployment)).toBe(true);
    const { password } = new URL(database.url);
    for (const { out, err } of [...all, again, unsealed]) {
      if (password !== '') expect(out + err).not.toContain(`:${password}@`);
    }
  });

  it('refuses what makes no sense', async () => {
    const run = (...line: string[]) => runCommand(deployment.file, ['copy', ...line]);
    for (const line of [
      [],
      ['--to', 'file:x'],
      ['--to-env', 'NONE'],
      ['--to', database.url, '--to-env', 'X'],
      ['--to', database.url, '--dry-run', '--cut-over'],
      ['--to', database.url, '--max-hold', 'x'],
    ])
      expect({ line, code: (await run(...line)).code }).toEqual({ line, code: 2 });
    expect((await run('--to-env', 'NONE')).err).toContain('the variable NONE is not set');
    expect((await run('--to-env', 'postgres://u:secret@h/d')).err).not.toContain('secret');
    expect((await run('--unseal')).code).toBe(1);
  });
});
