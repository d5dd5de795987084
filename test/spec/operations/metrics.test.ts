/** What `/metrics` tells of a database on a server, and of chores. */

import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/http/metrics.js';

const QUIET = {
  argon2: () => ({ running: 0, waiting: 0, limit: 0, refused: 0 }),
  revocations: () => ({ entries: 0, stalenessMs: 0 }),
  push: () => ({ listeners: 0, watched: 0, sent: 0, dropped: 0 }),
  feed: () => ({ readers: 0, sent: 0, dropped: 0 }),
  pool: () => null,
  keyAges: () => [],
};

it('troubles with the database are counters, as they are when somebody asks', async () => {
  const metrics = createMetrics('process-1');
  let conflicts = 1;
  metrics.watch({ ...QUIET, troubles: () => ({ conflicts, losses: 2, timeouts: 3, reconnects: 4 }) });
  await metrics.text();
  conflicts = 5;
  const text = await metrics.text();
  for (const line of [
    'counterfoil_database_repeats_total{cause="conflict"} 5',
    'counterfoil_database_repeats_total{cause="connection-lost"} 2',
    'counterfoil_database_timeouts_total 3',
    'counterfoil_database_log_reconnects_total 4',
  ])
    expect(text.split('\n')).toContain(line);
});

it('a database that is a file has none of them; chores that fail are counted by name', async () => {
  const metrics = createMetrics('process-1');
  metrics.watch({ ...QUIET, troubles: () => null });
  metrics.choreFailed('sweep');
  metrics.choreFailed('sweep');
  const text = await metrics.text();
  expect(text).toContain('counterfoil_chore_failures_total{chore="sweep"} 2');
  expect(text).not.toContain('counterfoil_database_');
});
