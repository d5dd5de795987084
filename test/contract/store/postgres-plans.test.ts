import { expect, it, vi } from 'vitest';
import { longLog, readActivity } from './plans.js';
import { onPostgres } from './postgres.js';

const ROWS = 30_000;
const SERIES = `series as (select generate_series(1, ${ROWS}) as n)`;

it('PostgreSQL reads the activity of a user from an index in its order, and sorts nothing', async () => {
  const { store, connection, probe, close } = await onPostgres.open();
  await probe.execute(longLog(SERIES, (digits) => `'\\x${digits}'::bytea`, ROWS));
  await probe.execute('analyze audit_log');
  const query = vi.spyOn(connection.pool, 'query');
  await readActivity(store);
  const asked = query.mock.calls.map(([text, values]) => ({
    text: text as unknown,
    values: values as unknown,
  }));
  query.mockRestore();
  expect(asked).toHaveLength(2);
  for (const { text, values } of asked) {
    const sql = typeof text === 'string' ? text : (text as { text: string }).text;
    const { rows } = await connection.pool.query(`explain ${sql}`, values as unknown[]);
    const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN'] ?? '').join('\n');
    expect(plan).toContain('Index Scan Backward using audit_log_by_user');
    expect(plan).not.toContain('Sort');
  }
  await close();
});
