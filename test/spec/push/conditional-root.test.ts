/** A subscription whose root hangs on a condition is the client's mistake, however it comes: refused, and no fault of ours. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../../src/system/log.js';
import type { Client } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { bareSocket } from '../../support/socket.js';

const lines: string[] = [];
let at: Loopback;
let client: Client;

beforeAll(async () => {
  at = await startLoopback({ log: createLog('trace', { write: (line) => void lines.push(line) }) });
  client = await at.signedIn('ada@example.test');
});
afterAll(() => at.stop());

interface Refusal {
  readonly extensions: { readonly code: string; readonly breaches: readonly { readonly kind: string }[] };
}

const CONDITIONS: Record<string, string> = {
  'one without an argument': 'subscription { sessionEvents @skip { __typename } }',
  'one that always holds': 'subscription { sessionEvents @include(if: true) { __typename } }',
  'one that leaves nothing': 'subscription { sessionEvents @skip(if: true) { __typename } }',
  'one by a variable': 'subscription ($x: Boolean!) { sessionEvents @skip(if: $x) { __typename } }',
  'one in a fragment':
    'subscription { ...A } fragment A on Subscription { ... @skip(if: true) { sessionEvents { __typename } } }',
};
const REFUSED = [{ extensions: { code: 'DOCUMENT_TOO_COMPLEX', breaches: [{ kind: 'conditionalRoot' }] } }];

it.each(Object.entries(CONDITIONS))('%s', async (_, query) => {
  for (const accept of ['application/json', 'text/event-stream']) {
    const headers = { accept, authorization: `Bearer ${client.accessToken}` };
    for (const each of [headers, { accept }]) {
      const response = await at.post(query, { x: true }, each);
      const isJudged = accept === 'application/json' || each === headers;
      expect(response.status).toBe(isJudged ? 400 : 401);
      if (isJudged) expect(((await response.json()) as { errors: Refusal[] }).errors).toMatchObject(REFUSED);
    }
  }
  const bare = await bareSocket(at.origin);
  bare.send({ type: 'connection_init', payload: { accessToken: client.accessToken } });
  await expect.poll(() => bare.messages.at(-1)?.['type']).toBe('connection_ack');
  bare.send({ type: 'subscribe', id: '1', payload: { query, variables: { x: true } } });
  await expect.poll(() => bare.messages.at(-1)).toMatchObject({ type: 'error', id: '1', payload: REFUSED });
  bare.socket.close();
  expect(lines.filter((line) => line.includes('"unexpected"') || line.includes('"level":"error"'))).toEqual(
    [],
  );
});

it('a condition below the root is as good as anywhere', async () => {
  const bare = await bareSocket(at.origin);
  bare.send({ type: 'connection_init', payload: { accessToken: client.accessToken } });
  await expect.poll(() => bare.messages.at(-1)?.['type']).toBe('connection_ack');
  const query =
    'subscription ($x: Boolean!) { sessionEvents { __typename ... on SessionEndedEvent { reason @skip(if: $x) } } }';
  bare.send({ type: 'subscribe', id: '1', payload: { query, variables: { x: false } } });
  await at.signedIn('ada@example.test');
  await expect
    .poll(() => bare.messages.at(-1))
    .toMatchObject({
      type: 'next',
      payload: { data: { sessionEvents: { __typename: 'DeviceSignedInEvent' } } },
    });
  bare.socket.close();
});
