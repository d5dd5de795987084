/** ASVS 4.4.3: a token that is not good over HTTP is not good over a WebSocket. The table is the same. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackTable, type Lure, startLure, type Target, target } from '../../support/jwt-attacks.js';
import { bareSocket } from '../../support/socket.js';

let es256: Target;
let lure: Lure;

beforeAll(async () => {
  lure = await startLure();
  es256 = await target();
});
afterAll(async () => {
  await es256.loopback.stop();
  await lure.close();
});

it('a token with which nothing is wrong opens one', async () => {
  const bare = await bareSocket(es256.loopback.origin);
  bare.send({ type: 'connection_init', payload: { accessToken: es256.accessToken } });
  await expect.poll(() => bare.messages[0]?.['type']).toBe('connection_ack');
  bare.socket.close();
});

describe.each(
  Object.entries(
    attackTable(
      () => es256,
      () => lure,
    ),
  ),
)('%s', (_, attacks) => {
  it.each(Object.entries(attacks))('%s opens no connection', async (_name, token) => {
    const bare = await bareSocket(es256.loopback.origin);
    bare.send({ type: 'connection_init', payload: { accessToken: token() } });
    expect([4001, 4401]).toContain(await bare.closed);
    expect(bare.messages).toEqual([]);
  });
});
