/** graphql-ws with `socketOptions` where a cookie is all there is, and others may change it. */

import { createClient } from 'graphql-ws';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { socketOptions } from '../../../src/client/index.js';
import { COOKIE } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { type Jar, networkTo, signedInClient } from './world.js';

let at: Loopback;
afterEach(() => at.stop());

it('a socket does not open for another who has signed in past the client, and the client finds that out', async () => {
  at = await startLoopback({ settings: { model: 'stateful' } });
  const jar: Jar = { cookie: null };
  const client = await signedInClient(at, networkTo(at, jar), { delivery: 'COOKIE' });
  class Socket extends WebSocket {
    constructor(url: string, protocols: string | string[]) {
      super(url, protocols, {
        headers: { cookie: `${COOKIE}=${jar.cookie}`, origin: at.counterfoil.app.config.issuer },
      });
    }
  }
  const url = `${at.origin.replace(/^http/, 'ws')}/graphql`;
  const sockets = createClient({ url, webSocketImpl: Socket, ...socketOptions(client) });
  const [open, codes, told]: [WebSocket[], number[], unknown[]] = [[], [], []];
  sockets.on('connected', (socket) => open.push(socket as WebSocket));
  sockets.on('closed', (event) => codes.push((event as { code: number }).code));
  sockets.subscribe(
    { query: 'subscription { sessionEvents { __typename } }' },
    { next: (event) => told.push(event), error: () => {}, complete: () => {} },
  );
  await expect.poll(() => open.length).toBe(1);

  jar.cookie = (await at.signedIn('ben@example.test', ['USER'], { delivery: 'COOKIE' })).cookie;
  open[0]?.terminate();
  await expect.poll(() => codes.at(-1), { timeout: 10_000 }).toBe(4401);
  await expect.poll(() => client.state).toEqual({ kind: 'signed-out', because: 'ended' });
  await at.signedIn('ben@example.test');
  expect(open.length).toBe(1);
  expect(told).toEqual([]);
  await sockets.dispose();
});
