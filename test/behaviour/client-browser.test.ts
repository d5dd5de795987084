/**
 * `counterfoil/client` in real tabs of a real browser, as it is shipped: IndexedDB, BroadcastChannel and cookies are
 * Chromium's own. Where Chromium is not installed this is skipped.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, NO_BROWSER, startBrowser } from '../support/browser.js';
import { PERSON, serveClient } from '../support/client-page.js';
import { endAll, mutate, type ServerProcess, startServer, verdicts } from '../support/server-process.js';

const ROUNDS = 50;
const TABS = 5;

if (NO_BROWSER !== null) test('the client runs in a browser', ({ skip }) => skip(NO_BROWSER ?? ''));

describe.skipIf(NO_BROWSER !== null).each(['COOKIE', 'BODY'] as const)(
  'tabs of one browser, delivery %s',
  (delivery) => {
    const folder = mkdtempSync(join(tmpdir(), 'counterfoil-client-'));
    let server: ServerProcess;
    let browser: Browser;
    let tabs: Page[] = [];

    beforeAll(async () => {
      server = await startServer(folder);
      browser = await startBrowser();
      await serveClient(browser.context, server.url, delivery);
      await mutate(server.url, 'register', PERSON);
    });
    afterAll(async () => {
      await browser?.close();
      await endAll();
      rmSync(folder, { recursive: true, force: true });
    });

    async function newTab(): Promise<Page> {
      const page = await browser.context.newPage();
      await open(page);
      return page;
    }
    async function open(page: Page): Promise<void> {
      await page.goto(`${server.url}/app`);
      await page.waitForFunction('window.tab !== undefined');
      await page.evaluate('tab.start()');
    }
    const inAll = <Value>(script: string) => Promise.all(tabs.map((page) => page.evaluate<Value>(script)));
    const signedOut = async () =>
      (await inAll<{ kind: string; because: string | null }[]>('tab.states'))
        .flat()
        // Without a reason: nobody had been signed in yet.
        .filter(({ kind, because }) => kind === 'signed-out' && because !== null);

    beforeEach(async () => {
      for (const page of tabs) await page.close();
      tabs = [await newTab()];
      expect(await tabs[0]?.evaluate(`tab.login(${JSON.stringify(PERSON)})`)).toBe('LoginSuccess');
      while (tabs.length < TABS) tabs.push(await newTab());
      expect(await inAll('tab.viewer()')).toEqual(tabs.map(() => PERSON.email));
    });

    test(`${TABS} tabs whose tokens expire together make one rotation, and all go on; ${ROUNDS} times`, async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const before = await verdicts(server.url);
        await inAll('tab.later(400_000)');
        expect(await inAll('tab.viewer()'), `round ${round}`).toEqual(tabs.map(() => PERSON.email));
        const after = await verdicts(server.url);
        expect((after['rotate'] ?? 0) - (before['rotate'] ?? 0), `rotations of round ${round}`).toBe(1);
        expect(after['reuse'] ?? 0).toBe(before['reuse'] ?? 0);
      }
      expect(await signedOut()).toEqual([]);
    }, 240_000);

    test('an answer that is lost after the server has rotated, and a tab that is closed then, sign nobody out', async () => {
      const [first] = tabs as [Page];
      for (const page of tabs.splice(1)) await page.close();
      let lost = 0;
      await browser.context.route('**/graphql', async (route) => {
        if (!route.request().postData()?.includes('mutation Refresh')) return route.fallback();
        // It is carried out, and nobody hears of it: not even the cookie arrives.
        await fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: await route.request().allHeaders(),
          body: route.request().postData(),
        });
        lost += 1;
        await route.abort('connectionreset');
      });
      await first.evaluate('tab.later(400_000)');
      expect(await first.evaluate('tab.viewer()')).toBe('unreachable');
      expect(lost).toBe(1);
      await browser.context.unroute('**/graphql');
      tabs = [await newTab()];
      await first.close();
      // Beyond the grace, too: the key says that it is the same client.
      await tabs[0]?.evaluate('tab.later(3_600_000)');
      expect(await tabs[0]?.evaluate('tab.viewer()')).toBe(PERSON.email);
      expect(await signedOut()).toEqual([]);
      expect((await verdicts(server.url))['reuse'] ?? 0).toBe(0);
    });

    test('logging out in one tab signs out the others at once, and no request brings them back', async () => {
      await tabs[0]?.evaluate('tab.logout()');
      for (const page of tabs) await page.waitForFunction(`tab.client.state.kind === 'signed-out'`);
      await inAll('tab.later(400_000)');
      expect(new Set(await inAll('tab.viewer()'))).toEqual(new Set(['graphql']));
      const fresh = await newTab();
      expect(await fresh.evaluate('tab.start()')).toMatchObject({ kind: 'signed-out' });
      await fresh.close();
    });
  },
);
