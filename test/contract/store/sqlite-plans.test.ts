import { expect, it } from 'vitest';
import { longLog, readActivity } from './plans.js';
import { onFile } from './sqlite.js';

const ROWS = 30_000;
const SERIES = `recursive series(n) as (select 1 union all select n + 1 from series where n < ${ROWS})`;

it.each([false, true])(
  'SQLite reads the activity of a user from an index in its order, and sorts nothing (analyzed: %s)',
  async (analyzed) => {
    const { store, connection, close } = await onFile.open();
    connection.raw.exec(longLog(SERIES, (digits) => `x'${digits}'`, ROWS));
    if (analyzed) connection.raw.exec('analyze');
    const asked: string[] = [];
    const prepare = connection.raw.prepare.bind(connection.raw);
    connection.raw.prepare = ((text: string) => {
      asked.push(text);
      return prepare(text);
    }) as typeof connection.raw.prepare;
    await readActivity(store);
    expect(asked).toHaveLength(2);
    for (const text of asked) {
      const values = Array.from({ length: text.split('?').length - 1 }, (_, at) =>
        at === 0 ? Buffer.alloc(16, 1) : 100,
      );
      const plan = prepare(`explain query plan ${text}`).all(...values) as { detail: string }[];
      expect(plan.map(({ detail }) => detail)).toEqual([
        expect.stringMatching(
          /^SEARCH audit_log USING INDEX audit_log_by_user \(user_id=\?( AND rowid<\?)?\)$/,
        ),
      ]);
    }
    await close();
  },
);
