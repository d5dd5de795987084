/**
 * The promise of the heartbeat: a reader that adds what it says to the time of its own request never believes itself
 * fresher than it is. Two processes' worth of nodes on one database: one ends sessions, the other tells of them.
 */

import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { endSession } from '../../../src/account/operate.js';
import { createUser } from '../../../src/account/register.js';
import { createApp } from '../../../src/app.js';
import { configFrom } from '../../../src/config/settings.js';
import { auditEvent } from '../../../src/entities/audit.js';
import { sharedDatabase } from '../../support/counterfoil.js';
import { followFeed, newVerifier } from '../../support/feed.js';

const NOBODY = { userId: null, caller: { ipAddress: null, clientLabel: null } };
const CLIENT = { deviceName: null, clientLabel: null, ipAddress: null };
const ENDINGS = 40;

it('whatever was answered before an instant has been heard by the heartbeat that claims that instant', async () => {
  const database = await sharedDatabase();
  const config = configFrom({ database: database.setting, masterKey: `${'A'.repeat(42)}A=` });
  const [here, elsewhere] = [await createApp(config), await createApp(config)];
  await here.start();
  await elsewhere.start();
  const server = await here.createServer();
  await server.listen({ host: '127.0.0.1', port: 0 });
  try {
    const { bearer } = await newVerifier(here);
    const { parts } = elsewhere;
    const account = { email: 'ada@example.test', password: 'orchid kettle granite 41', name: null };
    const created = await createUser(parts, account, {
      roles: ['USER'],
      as: 'user.created',
      caller: NOBODY.caller,
    });
    if (created.kind !== 'created') throw new Error(created.kind);

    const sentAt = performance.now();
    const heard = new Set<string>();
    const claims: { readonly freshAt: number; readonly heard: ReadonlySet<string> }[] = [];
    const { port } = server.server.address() as AddressInfo;
    const reader = await followFeed(port, bearer, null, (event) => {
      if (event.kind === 'fresh') claims.push({ freshAt: sentAt + event.freshMs, heard: new Set(heard) });
      if (event.kind === 'revocation' && event.entry.revocation.kind === 'session-ended')
        heard.add(event.entry.revocation.sessionId);
    });

    const answered: { readonly id: string; readonly at: number }[] = [];
    for (let n = 0; n < ENDINGS; n += 1) {
      const audit = auditEvent('login.succeeded', parts.clock.now());
      const signedIn = await parts.model.begin(created.user, { delivery: 'body', client: CLIENT, audit });
      if (signedIn === null) throw new Error('Nobody was signed in.');
      // Every other by the node that tells of it: what it knows of itself, it must not know too late either.
      const node = n % 2 === 0 ? elsewhere : here;
      await endSession(node.parts, signedIn.session.id, NOBODY);
      answered.push({ id: signedIn.session.id, at: performance.now() });
      await pause(60);
    }
    const last = answered.at(-1)?.at ?? 0;
    await expect.poll(() => (claims.at(-1)?.freshAt ?? 0) > last, { timeout: 10_000 }).toBe(true);
    for (const claim of claims)
      for (const { id, at } of answered) if (at <= claim.freshAt) expect(claim.heard).toContain(id);
    expect(claims.at(-1)?.heard.size).toBe(ENDINGS);
    expect(claims.length).toBeGreaterThan(2);
    reader.close();
  } finally {
    await server.close();
    await here.stop();
    await elsewhere.stop();
    await database.drop();
  }
});
