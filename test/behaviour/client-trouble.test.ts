/**
 * `counterfoil/client` in a real browser when things go wrong: away for longer than the grace, gone while a refresh is
 * under way, with a clock that is wrong, with a thief about. Where Chromium is not installed this is skipped.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PATIENCE_MS, startChromium } from '../../lab/harness/browser.js';
import { NO_BROWSER } from '../support/browser.js';
import {
  killTab,
  loseTheNextAnswer,
  openTab,
  PERSON,
  serveClient,
  verdictsFromNow,
} from '../support/client-page.js';
import { hear } from '../support/event-stream.js';
import { ask, endAll, mutate, type ServerProcess, startServer } from '../support/server-process.js';

const GRACE_SECONDS = 0.2;
const REFRESH = `mutation Refresh($input: RefreshInput!) { refresh(input: $input) { __typename
  ... on RefreshSuccess { tokens { refreshToken } } } }`;
const EVENTS = `subscription { sessionEvents { __typename
  ... on TokenReuseEvent { sessionId current } ... on SessionEndedEvent { reason } } }`;

if (NO_BROWSER !== null) test('the client runs in a browser', ({ skip }) => skip(NO_BROWSER ?? ''));

describe.skipIf(NO_BROWSER !== null)('in trouble', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-trouble-'));
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    const environment = { COUNTERFOIL_REUSE_GRACE: String(GRACE_SECONDS) };
    [server, browser] = await Promise.all([startServer(folder, environment), startChromium()]);
    await mutate(server.url, 'register', PERSON);
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(['COOKIE', 'BODY'] as const)('delivery %s', (delivery) => {
    let context: BrowserContext;
    let tab: Page;
    /** What a thief can have copied after the sign-in. */
    let stolen: string;
    /** Of refresh tokens, since the sign-in. */
    let verdicts: () => Promise<Record<string, number>>;

    const open = (clock = 0) => openTab(context, server.url, clock);
    const state = () => tab.evaluate<{ kind: string; because?: string }>('tab.client.state');
    const viewer = () => tab.evaluate('tab.viewer()');
    const expire = () => tab.evaluate('tab.later(400_000)');
    const pastTheGrace = () => tab.waitForTimeout(GRACE_SECONDS * 2_000);

    async function loseAnAnswer(): Promise<void> {
      await loseTheNextAnswer(tab);
      await expire();
      expect(await viewer()).toBe('unreachable');
    }

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

    beforeEach(async () => {
      context = await browser.newContext();
      context.setDefaultTimeout(PATIENCE_MS);
      await serveClient(context, server.url, delivery);
      tab = await open();
      const answered = tab.waitForResponse((response) => response.url().endsWith('/graphql'));
      expect(await tab.evaluate(`tab.login(${JSON.stringify(PERSON)})`)).toBe('LoginSuccess');
      const { data } = (await (await answered).json()) as {
        data: { login: { tokens: { refreshToken: string } } };
      };
      const [cookie] = await context.cookies(server.url);
      stolen = data.login.tokens.refreshToken ?? cookie?.value ?? '';
      verdicts = await verdictsFromNow(server.url);
      return () => context.close();
    });

    test('a lost answer, then the machine offline beyond the grace, then the tab closed: still signed in', async () => {
      await loseAnAnswer();
      expect(await verdicts()).toEqual({ rotate: 1 });
      await context.setOffline(true);
      await pastTheGrace();
      await tab.evaluate('tab.later(60_000)');
      expect(await viewer()).toBe('unreachable');
      expect((await state()).kind).toBe('signed-in');
      await context.setOffline(false);
      await tab.close();
      tab = await open(3_600_000);
      expect(await viewer()).toBe(PERSON.email);
      expect(await verdicts()).toEqual({ rotate: 1, replay: 1 });
    });

    test('a tab that is gone after the server has rotated, and before it hears of it: still signed in on return', async () => {
      await loseTheNextAnswer(tab, () => killTab(tab));
      await expire();
      await expect(viewer()).rejects.toThrow('crash');
      expect(await verdicts()).toEqual({ rotate: 1 });
      await new Promise((resolve) => setTimeout(resolve, GRACE_SECONDS * 2_000));
      tab = await open(460_000);
      expect(await viewer()).toBe(PERSON.email);
      expect(await verdicts()).toEqual({ rotate: 1, replay: 1 });
    });

    test.each([-600_000, 600_000])('a clock that is wrong by %d ms is no matter', async (clock) => {
      await tab.close();
      tab = await open(clock);
      expect(await viewer()).toBe(PERSON.email);
      const before = await verdicts();
      for (let n = 0; n < 5; n += 1) expect(await viewer()).toBe(PERSON.email);
      expect(await verdicts()).toEqual(before);
      await expire();
      expect(await viewer()).toBe(PERSON.email);
      expect(await verdicts()).toEqual({ ...before, rotate: (before['rotate'] ?? 0) + 1 });
    });

    test('a tab that nobody could tell of a logout sees it when it goes on', async () => {
      await context.addInitScript('delete window.BroadcastChannel');
      const deaf = await open();
      expect(await deaf.evaluate('tab.viewer()')).toBe(PERSON.email);
      await tab.evaluate('tab.logout()');
      expect(await deaf.evaluate('tab.client.state.kind')).toBe('signed-in');
      await deaf.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
      await deaf.waitForFunction(`tab.client.state.kind === 'signed-out'`);
    });

    test.each(['arrived', 'was lost'])(
      'a thief who refreshes with a copy, when the answer to a refresh %s: the session ends, and the other devices are told',
      async (fate) => {
        const device = await mutate(server.url, 'login', { ...PERSON, deviceName: 'Other device' });
        const { accessToken } = device['tokens'] as { accessToken: string };
        const heard = await hear(server.url, EVENTS, accessToken);
        if (fate === 'was lost') await loseAnAnswer();
        else {
          await expire();
          expect(await viewer()).toBe(PERSON.email);
        }
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
      },
    );
  });
});
