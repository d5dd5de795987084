/**
 * The yardstick that the claim is about: sessions kept in the memory of a process, as the usual memory stores of web
 * frameworks keep them, an identifier and a JSON text each. Takes how many; says, as JSON, what they weigh. Run with
 * `--expose-gc`, so that only what is really held is counted.
 */

import { randomBytes } from 'node:crypto';
import { residentBytes } from '../../harness/server.js';

const count = Number(process.argv[2]);
const before = weigh();
const sessions = new Map<string, string>();
for (let n = 0; n < count; n += 1) {
  sessions.set(
    randomBytes(24).toString('base64url'),
    // The same facts that a row of ours has.
    JSON.stringify({
      cookie: { expires: '2026-01-01T00:00:00.000Z', httpOnly: true, path: '/', secure: true },
      userId: randomBytes(16).toString('base64url'),
      createdAt: 1_760_000_000_000 + n,
      lastSeenAt: 1_760_000_000_000 + n,
      deviceName: 'Lab device',
      clientLabel: 'Firefox on Linux',
      ipAddress: '127.0.0.1',
    }),
  );
}
const after = weigh();
process.stdout.write(
  JSON.stringify({
    resident: after.resident - before.resident,
    heap: after.heap - before.heap,
    sessions: sessions.size,
  }),
);

function weigh(): { readonly resident: number; readonly heap: number } {
  globalThis.gc?.();
  return { resident: residentBytes(process.pid), heap: process.memoryUsage().heapUsed };
}
