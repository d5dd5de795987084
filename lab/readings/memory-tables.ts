/** The tables of the reading of `memory`. */

import { MODELS } from '../harness/observation.js';
import type { Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import type { Summary } from '../harness/statistics.js';
import { count, NOT_MEASURED, plain, ranged } from './amounts.js';

export function table(
  results: Results,
  caption: string,
  metric: string,
  format: (value: number) => string,
): Table {
  return {
    caption,
    head: ['signed-in users', ...MODELS],
    rows: results
      .levels(metric, 'users')
      .map((users) => [
        count(Number(users)),
        ...MODELS.map((model) => ranged(results.summary({ metric, model, factors: { users } }), format)),
      ]),
  };
}

export function perUnit(results: Results, users: number): Table {
  const rows = ['users', 'sessions'].map((table) => {
    const summary = results.summary({ metric: 'table', factors: { users, table } });
    return [`one row of \`${table}\``, summary === null ? NOT_MEASURED : plain(summary.median / users)];
  });
  const heap = results.summary({ metric: 'map heap', factors: { users } });
  const resident = results.summary({ metric: 'map resident', factors: { users } });
  const each = (summary: Summary | null) => ranged(summary, (value) => count(value / users));
  return {
    caption: `Bytes each, with ${count(users)} of them, indexes included`,
    head: ['', 'bytes'],
    rows: [
      ...rows,
      ['a session in process memory, heap', each(heap)],
      ['a session in process memory, resident', each(resident)],
    ],
  };
}
