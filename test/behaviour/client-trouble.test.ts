/**
 * `counterfoil/client` in a real browser when things go wrong: away for longer than the grace, with a clock that is wrong,
 * with a thief about. Where Chromium is not installed this is skipped.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, NO_BROWSER, startBrowser } from '../support/browser.js';
import { PERSON, serveClient } from '../support/client-page.js';
import { hear } from '../support/event-stream.js';
import { ask, endAll, mutate, type ServerProcess, startServer, verdicts } from '../support/server-process.js';

const GRACE_SECONDS = 1;
const REFRESH = `mutation Refresh($input: RefreshInput!) { refresh(input: $input) { __typename
  ... on RefreshSuccess { tokens { refreshToken } } } }`;
const EVENTS = `subscription { sessionEvents { __typename
  ... on TokenReuseEvent { sessionId current } ... on SessionEndedEvent { reason } } }`;

if (NO_BROWSER !== null) test('the client runs in a browser', ({ skip }) => skip(NO_BROWSER ?? ''));

describe.skipIf(NO_BROWSER !== null).each(['COOKIE', 'BODY'] as const)(
  'in trouble, delivery %s',
  (delivery) => {
    const folder = mkdtempSync(join(tmpdir(), 'counterfoil-trouble-'));
    let server: ServerProcess;
    let browser: Browser;
    let tab: Page;
    /** What a thief can have copied after the sign-in. */
    let stolen: string;

    beforeAll(async () => {
      server = await startServer(folder, { COUNTERFOIL_REUSE_GRACE: String(GRACE_SECONDS) });
      browser = await startBrowser();
      await serveClient(browser.context, server.url, delivery);
      await mutate(server.url, 'register', PERSON);
    });
    afterAll(async () => {
      await browser?.close();
      await endAll();
      rmSync(folder, { recursive: true, force: true });
    });

    async function open(clock = 0): Promise<Page> {
      const page = await browser.context.newPage();
      await page.goto(`${server.url}/app?clock=${clock}`);
      await page.waitForFunction('window.tab !== undefined');
      await page.evaluate('tab.start()');
      return page;
    }
    async function signIn(): Promise<void> {
      const answered = tab.waitForResponse((response) => response.url().endsWith('/graphql'));
      expect(await tab.evaluate(`tab.login(${JSON.stringify(PERSON)})`)).toBe('LoginSuccess');
      const { data } = (await (await answered).json()) as {
        data: { login: { tokens: { refreshToken: string } } };
      };
      const [cookie] = await browser.context.cookies(server.url);
      stolen = data.login.tokens.refreshToken ?? cookie?.value ?? '';
    }
    const state = () => tab.evaluate<{ kind: string; because?: string }>('tab.client.state');
    const viewer = () => tab.evaluate('tab.viewer()');
    const expire = () => tab.evaluate('tab.later(400_000)');
    const pastTheGrace = () => tab.waitForTimeout(GRACE_SECONDS * 1_500);

    /** As somebody who holds a copy of the refresh token, and of nothing else. */
    async function refreshAsThief(): Promise<string> {
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (delivery === 'COOKIE') headers['cookie'] = `__Host-counterfoil=${stolen}`;
      const input = delivery === 'COOKIE' ? {} : { refreshToken: stolen };
      const body = JSON.stringify({ query: REFRESH, variables: { input } });
      const answer = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
      const { data } = (await answer.json()) as { data: { refresh: { __typename: string } } };
      return data.refresh.__typename;
    }

    /** The next refresh is carried out, and its answer, with what it would have set, never arrives. */
    async function loseTheNextAnswer(): Promise<void> {
      await tab.route('**/graphql', async (route) => {
        if (!route.request().postData()?.includes('mutation Refresh')) return route.fallback();
        const headers = await route.request().allHeaders();
        await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: route.request().postData() });
        await route.abort('connectionreset');
      });
      await expire();
      expect(await viewer()).toBe('unreachable');
      await tab.unroute('**/graphql');
    }

    beforeEach(async () => {
      for (const page of browser.context.pages().slice(1)) await page.close();
      tab = await open();
      await signIn();
    });

    test('a lost answer, then the machine offline beyond the grace, then the tab closed: still signed in', async () => {
      await loseTheNextAnswer();
      await browser.context.setOffline(true);
      await pastTheGrace();
      await tab.evaluate('tab.later(60_000)');
      expect(await viewer()).toBe('unreachable');
      expect((await state()).kind).toBe('signed-in');
      await browser.context.setOffline(false);
      await tab.close();
      tab = await open(3_600_000);
      expect(await viewer()).toBe(PERSON.email);
      expect((await verdicts(server.url))['reuse'] ?? 0).toBe(0);
    });

    test.each([-600_000, 600_000])('a clock that is wrong by %d ms is no matter', async (clock) => {
      await tab.close();
      tab = await open(clock);
      expect(await viewer()).toBe(PERSON.email);
      const before = await verdicts(server.url);
      for (let n = 0; n < 5; n += 1) expect(await viewer()).toBe(PERSON.email);
      expect((await verdicts(server.url))['rotate']).toBe(before['rotate']);
      await expire();
      expect(await viewer()).toBe(PERSON.email);
      expect((await verdicts(server.url))['rotate']).toBe((before['rotate'] ?? 0) + 1);
    });

    test('a tab that nobody could tell of a logout sees it when it goes on', async () => {
      const deaf = await browser.context.newPage();
      await deaf.addInitScript('delete window.BroadcastChannel');
      await deaf.goto(`${server.url}/app`);
      await deaf.waitForFunction('window.tab !== undefined');
      await deaf.evaluate('tab.start()');
      expect(await deaf.evaluate('tab.viewer()')).toBe(PERSON.email);
      await tab.evaluate('tab.logout()');
      expect(await deaf.evaluate('tab.client.state.kind')).toBe('signed-in');
      await deaf.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
      await deaf.waitForFunction(`tab.client.state.kind === 'signed-out'`);
    });

    test('a thief who refreshes with a copy ends the session, and the other devices are told; also after a lost answer', async () => {
      const device = await mutate(server.url, 'login', { ...PERSON, deviceName: 'Other device' });
      const { accessToken } = device['tokens'] as { accessToken: string };
      const heard = await hear(server.url, EVENTS, accessToken);
      await loseTheNextAnswer();
      await pastTheGrace();
      expect(await refreshAsThief()).toBe('RefreshTokenReused');
      expect(await heard.next(({ __typename }) => __typename === 'TokenReuseEvent')).toMatchObject({
        current: false,
      });
      await tab.evaluate('tab.later(60_000)');
      await viewer();
      expect(await state()).toMatchObject({ kind: 'signed-out' });
      expect((await ask(server.url, '{ viewer { email } }', {}, accessToken)).data).toEqual({
        viewer: { email: PERSON.email },
      });
      await heard.stop();
    });
  },
);
