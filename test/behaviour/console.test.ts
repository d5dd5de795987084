/**
 * The web console as people use it: real Chromium, the built server, several browsers of one person. Where Chromium is not
 * installed this is skipped.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChromium } from '../../lab/harness/browser.js';
import { NO_BROWSER } from '../support/browser.js';
import { PASSWORD, type Visitor, visit } from '../support/console.js';
import { mutation } from '../support/mutation.js';
import { REPOSITORY } from '../support/sandbox.js';
import { ask, endAll, mutate, OPERATOR, type ServerProcess, startServer } from '../support/server-process.js';

/** What a first visit may weigh, the sign-in and the devices included. */
const MOST_BYTES = 120_000;
/** All that a script of the page can read of what is stored. */
const KEPT = `(async () => {
  const stores = (await indexedDB.databases()).map(({ name }) => new Promise((resolve) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => {
      const all = opening.result.transaction('session').objectStore('session').getAll();
      all.onsuccess = () => resolve(all.result);
    };
  }));
  return JSON.stringify([await Promise.all(stores), { ...localStorage }, { ...sessionStorage }, document.cookie]);
})()`;

/** As somebody who has a copy of it; what it is then. */
async function refreshByCookie(url: string, cookie: string): Promise<string> {
  const headers = { 'content-type': 'application/json', cookie };
  const query = mutation('refresh');
  const body = JSON.stringify({ query, variables: { input: {} } });
  const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}

if (NO_BROWSER !== null) test('the console opens in a browser', ({ skip }) => skip(NO_BROWSER ?? ''));

describe.skipIf(NO_BROWSER !== null)('the console', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-console-'));
  let server: ServerProcess;
  let browser: Browser;
  let visitors: Visitor[] = [];
  let people = 0;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(folder), startChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  const nobody = () => {
    people += 1;
    return `person-${people}@example.test`;
  };
  const newVisitor: typeof visit = async (...given) => {
    const visitor = await visit(...given);
    visitors.push(visitor);
    return visitor;
  };
  const isLive = (page: Page) => page.getByText('Live: changes appear at once').waitFor();
  const isNotTold = (page: Page) =>
    page.getByText('Not connected: changes appear when you come back to this page').waitFor();
  const devices = ({ page }: Visitor) => page.getByRole('list', { name: 'Devices' }).getByRole('listitem');
  async function logoutEverywhere({ page }: Visitor, which: 'others' | 'all'): Promise<void> {
    await page.getByRole('button', { name: 'Log out everywhere' }).click();
    const dialog = page.getByRole('dialog', { name: 'Log out everywhere' });
    if (which === 'all') await dialog.getByLabel('All, this one too').check();
    await dialog.getByRole('button', { name: /^Log out (all|the others)$/ }).click();
  }

  // One visit: each test goes on where the one before it stopped.
  describe('one browser', () => {
    const email = nobody();
    let here: Visitor;

    beforeAll(async () => {
      here = await newVisitor(browser, server.url);
    });

    test('passwords are masked until they are shown, and password managers know which is which', async () => {
      const field = here.page.getByLabel('Password', { exact: true });
      const attributes = () =>
        Promise.all(['type', 'autocomplete'].map((attribute) => field.getAttribute(attribute)));
      await here.open('/register');
      expect(await attributes()).toEqual(['password', 'new-password']);
      await here.page.getByRole('button', { name: 'Show password' }).click();
      expect(await attributes()).toEqual(['text', 'new-password']);
      await here.open('/');
      await here.heading('Sign in');
      expect(await attributes()).toEqual(['password', 'current-password']);
    });

    test.each(['/', '/register'])('axe finds nothing to complain of at the entrance: %s', async (path) => {
      await here.open(path);
      await here.page.getByRole('heading', { level: 1 }).waitFor();
      await here.examine();
    });

    test('who registers is signed in, and sees this device by a name that people understand', async () => {
      await here.register(email);
      await devices(here).filter({ hasText: 'Chrome on Linux' }).filter({ hasText: 'This device' }).waitFor();
      expect(here.bytes()).toBeLessThan(MOST_BYTES);
      await here.page.reload();
      await here.heading('Devices');
      expect(await here.page.title()).toBe('Devices · Counterfoil');
    });

    test('the page keeps no token and no password, and scripts see no cookie', async () => {
      await isLive(here.page);
      const kept = await here.page.evaluate<string>(KEPT);
      expect(kept).toContain('"sessionId":');
      expect(kept).not.toMatch(/eyJ|cfr_|violet tram/);
      expect(here.page.url()).toBe(`${server.url}/console/#/devices`);
    });

    test.each(['/devices', '/activity', '/security'])(
      'axe finds nothing to complain of on the pages of an account: %s',
      async (path) => {
        await here.open(path);
        await here.page.locator('.shell h1').waitFor();
        await expect.poll(() => here.page.locator('.skeleton').count()).toBe(0);
        await here.examine();
      },
    );

    test('axe finds nothing to complain of in a dialog, nor in the menu of a phone', async () => {
      await here.open('/devices');
      await here.page.getByRole('button', { name: 'Log out everywhere' }).click();
      await here.page.getByRole('dialog').waitFor();
      await here.examine();
      await here.page.keyboard.press('Escape');
      await here.page.setViewportSize({ width: 390, height: 844 });
      await here.page.getByRole('button', { name: 'More' }).click();
      await here.page.getByRole('dialog').getByRole('link', { name: 'Rotation' }).waitFor();
      await here.examine();
      await here.page.keyboard.press('Escape');
      await here.page.setViewportSize({ width: 1280, height: 800 });
    });

    test('an account is deleted by its password only, and then it is gone', async () => {
      await here.open('/security');
      await here.page.getByRole('button', { name: 'Delete account…' }).click();
      const dialog = here.page.getByRole('dialog');
      for (const password of ['not my password', PASSWORD]) {
        await dialog.getByLabel('Your password', { exact: true }).fill(password);
        await dialog.getByRole('button', { name: 'Delete account' }).click();
        if (password !== PASSWORD) await dialog.getByText('This is not your password.').waitFor();
      }
      await here.page.getByText('Your account is deleted.').waitFor();
      await here.signIn(email);
      await here.page.getByText('The email address or the password is wrong.').waitFor();
    });

    test('without a network nobody is signed out, and nothing that was typed is lost', async () => {
      await here.open('/register');
      await here.page.getByLabel('Email').fill(nobody());
      await here.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await here.context.setOffline(true);
      await here.page.getByRole('button', { name: 'Create account' }).click();
      await here.page.getByRole('alert').getByText('The server cannot be reached').waitFor();
      expect(await here.page.getByLabel('Password', { exact: true }).inputValue()).toBe(PASSWORD);
      await here.context.setOffline(false);
      await here.page.getByRole('button', { name: 'Create account' }).click();
      await here.heading('Devices');
    });

    test('logging out without a network says that the server does not know yet, and goes on until it does', async () => {
      await here.context.setOffline(true);
      await here.page.getByRole('button', { name: 'Log out', exact: true }).click();
      await here.heading('Sign in');
      const untold = here.page.getByText('The server does not know yet that you are logged out');
      await untold.waitFor();
      await here.context.setOffline(false);
      await untold.waitFor({ state: 'detached' });
      expect(await here.context.cookies(server.url)).toEqual([]);
    });

    test('everything works from the keyboard alone: sign in, devices, log out everywhere', async () => {
      const email = nobody();
      await mutate(server.url, 'register', { email, password: PASSWORD });
      const { keyboard } = here.page;
      const focused = () => here.page.evaluate<string>('document.activeElement.textContent');
      await here.page.reload();
      await here.heading('Sign in');
      await keyboard.press('Tab');
      await keyboard.type(email);
      await keyboard.press('Tab');
      await keyboard.type(PASSWORD);
      await keyboard.press('Enter');
      await here.heading('Devices');
      await expect.poll(() => devices(here).count()).toBe(2);
      // Whoever has signed in is at the heading of the page, and whoever opens it anew can skip what is before it.
      expect(await focused()).toBe('Devices');
      await here.page.reload();
      await here.heading('Devices');
      await keyboard.press('Tab');
      expect(await focused()).toBe('Skip to the page');
      await keyboard.press('Enter');
      await keyboard.press('Tab');
      expect(await focused()).toBe('Log out everywhere');
      await keyboard.press('Enter');
      await here.page.getByRole('dialog').waitFor();
      await keyboard.press('Escape');
      await expect.poll(focused).toBe('Log out everywhere');
      await keyboard.press('Enter');
      await keyboard.press('Tab');
      await keyboard.press('ArrowDown');
      await keyboard.press('Tab');
      await keyboard.press('Tab');
      expect(await focused()).toBe('Log out all');
      await keyboard.press('Enter');
      await here.heading('Sign in');
    });

    test('what an operator has to say is shown until it is dismissed, and markup in it or in a name stays text', async () => {
      const markup = '<img src=x onerror="throw 1"><b id="root">bold</b>';
      const { viewer } = await mutate(server.url, 'register', {
        email: nobody(),
        password: PASSWORD,
        name: markup,
        deviceName: markup,
      });
      await here.signIn(viewer?.email ?? '');
      await here.page.getByText(markup).first().waitFor();
      await devices(here).filter({ hasText: markup }).waitFor();
      const operator = await mutate(server.url, 'login', OPERATOR);
      await isLive(here.page);
      const notify = 'mutation ($input: NotifyUserInput!) { notifyUser(input: $input) { __typename } }';
      const input = { userId: viewer?.id, text: markup };
      await ask(server.url, notify, { input }, operator.tokens?.accessToken);
      await here.page.getByRole('status').getByText(markup).waitFor();
      // On a phone the newest alone stands before the page, and there is room to scroll to what it stands before.
      await here.page.setViewportSize({ width: 360, height: 740 });
      await ask(
        server.url,
        notify,
        { input: { ...input, text: 'Boots, too.' } },
        operator.tokens?.accessToken,
      );
      await here.page.getByRole('status').getByText('Boots, too.').waitFor();
      expect(await here.page.getByRole('status').getByText(markup).isVisible()).toBe(false);
      await devices(here).last().getByRole('button').click({ trial: true });
      for (const text of ['Boots, too.', markup]) {
        await here.page.getByRole('status').getByText(text).waitFor();
        await here.page.getByRole('button', { name: 'Dismiss' }).click();
        await expect.poll(() => here.page.getByRole('status').getByText(text).count()).toBe(0);
      }
      await here.page.setViewportSize({ width: 1280, height: 800 });
      expect(await here.page.locator('img, b, #root').count()).toBe(1);
    });
  });

  // One visit of two browsers: each test goes on where the one before it stopped.
  describe('two browsers of one person', () => {
    const email = nobody();
    const another = 'marble lantern stove 58';
    let here: Visitor;
    let there: Visitor;
    let answerSocket: (socket: WebSocketRoute) => void;

    beforeAll(async () => {
      [here, there] = await Promise.all([newVisitor(browser, server.url), newVisitor(browser, server.url)]);
      await Promise.all([here.register(email), there.open()]);
      await isLive(here.page);
    });

    test('one that signs in appears on the other, and is told of by its name', async () => {
      await there.signIn(email);
      await there.heading('Devices');
      await here.page.getByText('Another device has signed in').waitFor();
      await here.page.getByText('It calls itself “Chrome on Linux”. It came from 127.0.0.1.').waitFor();
      await expect.poll(() => devices(here).count()).toBe(2);
    });

    test('one that logs out disappears from the other, unasked', async () => {
      await there.page.getByRole('button', { name: 'Log out', exact: true }).click();
      await there.heading('Sign in');
      await there.page.getByText('You are logged out.').waitFor();
      await expect.poll(() => devices(here).count()).toBe(1);
    });

    test('one that is logged out from another is at its sign-in, without a reload, and says why', async () => {
      await there.open('/security');
      await there.signIn(email);
      await there.heading('Security');
      await expect.poll(() => devices(here).count()).toBe(2);
      await devices(here)
        .last()
        .getByRole('button', { name: /Log out/ })
        .click();
      await here.page.getByRole('dialog').getByRole('button', { name: 'Log out', exact: true }).click();
      await there.heading('Sign in');
      await there.page.getByText('You were logged out from another device.').waitFor();
    });

    test('whoever signs in again is where they were', async () => {
      await there.signIn(email);
      await there.heading('Security');
    });

    test('log out everywhere puts the other at its sign-in, and the one that asked goes on', async () => {
      await expect.poll(() => devices(here).count()).toBe(2);
      await logoutEverywhere(here, 'others');
      await there.heading('Sign in');
      await there.page.getByText('You were logged out everywhere, from another device.').waitFor();
      await here.page.getByText('One other device is logged out').waitFor();
      await here.page.getByRole('link', { name: 'Activity' }).click();
      await here.page.getByText('All other devices were logged out').waitFor();
    });

    test('a device that calls itself “this device” is not taken for it', async () => {
      await mutate(server.url, 'login', { email, password: PASSWORD, deviceName: 'this device' });
      await here.page.getByText('It calls itself “this device”.').waitFor();
      await here.page.getByRole('link', { name: 'Devices' }).click();
      await here.page.getByRole('link', { name: 'Activity' }).click();
      const its = here.page.locator('.event', { has: here.page.getByText('this device', { exact: true }) });
      await its.getByText('Signed in on a device').waitFor();
      const marked = here.page.locator('.event', {
        has: here.page.getByText('This device', { exact: true }),
      });
      await marked.first().waitFor();
      expect(await its.and(marked).count()).toBe(0);
    });

    test('a changed password logs the other out, and the old one does not open the account any more', async () => {
      await there.signIn(email);
      await there.heading('Security');
      await here.page.getByRole('link', { name: 'Security' }).click();
      const field = here.page.getByLabel('New password', { exact: true });
      await here.page.getByLabel('Current password', { exact: true }).fill(PASSWORD);
      await field.fill('short');
      await here.page.getByRole('button', { name: 'Change password' }).click();
      await here.page.getByText('must have at least 12 characters').waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      await field.fill(another);
      await here.page.getByRole('button', { name: 'Change password' }).click();
      await here.page.getByText('Your password is changed').waitFor();
      await there.page.getByText('Your password was changed on another device.').waitFor();
      await there.signIn(email);
      await there.page.getByText('The email address or the password is wrong.').waitFor();
      await there.signIn(email, another);
      await there.heading('Security');
    });

    test('a copy of one’s cookie that somebody else uses logs it out, and the other is told', async () => {
      await there.page.getByRole('link', { name: 'Devices' }).click();
      await isLive(there.page);
      const [cookie] = await there.context.cookies(server.url);
      let copy = `${cookie?.name}=${cookie?.value}`;
      const stolen = copy;
      for (let n = 0; n < 2; n += 1) copy = await refreshByCookie(server.url, copy);
      await refreshByCookie(server.url, stolen);
      await there.page.getByText('Somebody else was using the sign-in of this device').waitFor();
      await here.page.getByText('Somebody else was using the sign-in of one of your devices').waitFor();
      await there.signIn(email, another);
      await there.heading('Devices');
    });

    test('log out everywhere, this one too: then both are at their sign-in', async () => {
      await here.page.getByRole('link', { name: 'Devices' }).click();
      await logoutEverywhere(here, 'all');
      await Promise.all([here.heading('Sign in'), there.heading('Sign in')]);
      await here.page.getByText('You are logged out on every device.').waitFor();
    });

    test('one whose socket hears nothing says that it is not told, and is at its sign-in with its next request', async () => {
      const silent: WebSocketRoute[] = [];
      answerSocket = (socket) => void silent.push(socket);
      await there.context.routeWebSocket('**/graphql', (socket) => answerSocket(socket));
      await Promise.all([here.signIn(email, another), there.signIn(email, another)]);
      await there.page.getByRole('link', { name: 'Devices' }).click();
      await isNotTold(there.page);
      await expect.poll(() => devices(here).count()).toBe(2);
      await logoutEverywhere(here, 'others');
      await here.page.getByText('One other device is logged out').waitFor();
      await there.heading('Devices');
      await there.page.getByRole('link', { name: 'Activity' }).click();
      await there.heading('Sign in');
      await there.page.getByText('Your session is over').waitFor();
      // A connection that was being made breaks off: nobody waits for it any more, and nothing is thrown.
      await Promise.all(silent.map((socket) => socket.close({ code: 1013 })));
    });

    test('one whose socket is refused says so, goes on trying, and is told again once it comes through', async () => {
      answerSocket = (socket) => void socket.close({ code: 1013 });
      await there.signIn(email, another);
      await there.page.getByRole('link', { name: 'Devices' }).click();
      await isNotTold(there.page);
      answerSocket = (socket) => void socket.connectToServer();
      await isLive(there.page);
    });
  });

  describe('under a prefix of a server of somebody else’s', () => {
    let embedding: FastifyInstance;
    let stop: () => Promise<void>;
    let url: string;

    beforeAll(async () => {
      const { createCounterfoil } = (await import(join(REPOSITORY, 'dist/index.js'))) as {
        createCounterfoil: typeof import('../../src/index.js').createCounterfoil;
      };
      const counterfoil = await createCounterfoil({
        database: 'file::memory:',
        masterKey: '00'.repeat(32),
        argon2: 'm=7168,t=1,p=1',
        operatorEmail: OPERATOR.email,
        operatorPassword: OPERATOR.password,
      });
      embedding = Fastify();
      await embedding.register(counterfoil.plugin, { prefix: '/auth' });
      await embedding.listen({ host: 'localhost', port: 0 });
      const { port } = embedding.server.address() as { port: number };
      url = `http://localhost:${port}/auth`;
      stop = async () => {
        embedding.server.closeAllConnections();
        await embedding.close();
        await counterfoil.stop();
      };
    });
    afterAll(() => stop());

    test('it is found, signs in, and is told of changes', async () => {
      const here = await newVisitor(browser, url);
      await here.page.goto(`${url}/console`);
      await here.heading('Sign in');
      expect(here.page.url()).toBe(`${url}/console/`);
      await here.signIn(OPERATOR.email, OPERATOR.password);
      await isLive(here.page);
    });
  });

  test('nothing was complained of, no policy was broken, and no other host was asked for anything', () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints);
    expect(complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
    const hosts = new Set(visitors.flatMap((visitor) => [...visitor.hosts]));
    expect([...hosts].every((host) => host.startsWith('localhost:'))).toBe(true);
    visitors = [];
  });
});
