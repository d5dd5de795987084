/**
 * `counterfoil/client` in real tabs of a real browser, as it is shipped: IndexedDB, BroadcastChannel and cookies are
 * Chromium's own. Where Chromium is not installed this is skipped.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE_MS, startChromium } from '../../lab/harness/browser.js';
import { NO_BROWSER } from '../support/browser.js';
import { openTab, PERSON, serveClient, verdictsFromNow } from '../support/client-page.js';
import { endAll, mutate, type ServerProcess, startServer } from '../support/server-process.js';

const ROUNDS = 50;
const TABS = 5;

if (NO_BROWSER !== null) test('the client runs in a browser', ({ skip }) => skip(NO_BROWSER ?? ''));

describe.skipIf(NO_BROWSER !== null)('tabs of one browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-client-'));
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(folder), startChromium()]);
    await mutate(server.url, 'register', PERSON);
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(['COOKIE', 'BODY'] as const)('delivery %s', (delivery) => {
    let context: BrowserContext;
    let tabs: Page[];

    const inAll = <Value>(script: string) => Promise.all(tabs.map((page) => page.evaluate<Value>(script)));

    beforeAll(async () => {
      context = await browser.newContext();
      context.setDefaultTimeout(PATIENCE_MS);
      await serveClient(context, server.url, delivery);
      const first = await openTab(context, server.url);
      expect(await first.evaluate(`tab.login(${JSON.stringify(PERSON)})`)).toBe('LoginSuccess');
      const others = Array.from({ length: TABS - 1 }, () => openTab(context, server.url));
      tabs = [first, ...(await Promise.all(others))];
      expect(await inAll('tab.viewer()')).toEqual(tabs.map(() => PERSON.email));
      return () => context.close();
    });

    test(`${TABS} tabs whose tokens expire together make one rotation, and all go on; ${ROUNDS} times`, async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const verdicts = await verdictsFromNow(server.url);
        await inAll('tab.later(400_000)');
        expect(await inAll('tab.viewer()'), `round ${round}`).toEqual(tabs.map(() => PERSON.email));
        const { rotate, reuse } = await verdicts();
        expect({ rotate, reuse }, `verdicts of round ${round}`).toEqual({ rotate: 1 });
      }
      const states = await inAll<{ kind: string; because: string | null }[]>('tab.states');
      // Without a reason: nobody had been signed in yet.
      const signedOut = states
        .flat()
        .filter(({ kind, because }) => kind === 'signed-out' && because !== null);
      expect(signedOut).toEqual([]);
    }, 240_000);

    test('logging out in one tab signs out the others at once, and no request brings them back', async () => {
      await tabs[0]?.evaluate('tab.logout()');
      for (const page of tabs) await page.waitForFunction(`tab.client.state.kind === 'signed-out'`);
      await inAll('tab.later(400_000)');
      expect(new Set(await inAll('tab.viewer()'))).toEqual(new Set(['graphql']));
      const fresh = await openTab(context, server.url);
      expect(await fresh.evaluate('tab.client.state')).toMatchObject({ kind: 'signed-out' });
    });
  });
});
