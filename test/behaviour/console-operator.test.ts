/**
 * The operators' pages of the web console as they are shipped: Chromium opens what the built server sends, an operator in
 * one browser, a user in another. Where Chromium is not installed this is skipped.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChromium } from '../../lab/harness/browser.js';
import { AUDIT_KINDS } from '../../src/entities/audit.js';
import { NO_BROWSER } from '../support/browser.js';
import { PASSWORD, type Visitor, visit } from '../support/console.js';
import { endAll, mutate, OPERATOR, type ServerProcess, startServer } from '../support/server-process.js';

const PERSON = { email: 'ada@example.test', name: 'Ada Lovelace', password: PASSWORD };
/** How far the operator's clock is ahead and the user's behind: both go through all of this with a clock that is wrong. */
const CLOCK_MS = 600_000;
/** Shorter than that, and not the default. */
const TERMS = { COUNTERFOIL_KEY_PUBLISH_LEAD: '540', COUNTERFOIL_KEY_ROTATION: '604800' };
const OTHER = { email: 'grace@example.test', name: 'Grace Hopper', password: PASSWORD };

if (NO_BROWSER !== null) test('the operators’ pages open in a browser', ({ skip }) => skip(NO_BROWSER ?? ''));

// One visit: each test goes on where the one before it stopped.
describe.skipIf(NO_BROWSER !== null)('the operators’ pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-console-operator-'));
  let server: ServerProcess;
  let browser: Browser;
  let operator: Visitor;
  let user: Visitor;
  let page: Page;
  let userId: string;
  let operatorId: string;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(folder, TERMS), startChromium()]);
    [operator, user] = await Promise.all([
      visit(browser, server.url, CLOCK_MS),
      visit(browser, server.url, -CLOCK_MS),
    ]);
    page = operator.page;
    const registered = await mutate(server.url, 'register', PERSON);
    userId = registered.viewer?.id ?? '';
    await mutate(server.url, 'register', OTHER);
    operatorId = (await mutate(server.url, 'login', OPERATOR)).viewer?.id ?? '';
  });

  afterAll(async () => {
    await browser?.close();
    await endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function signIn(
    visitor: Visitor,
    { email, password }: typeof PERSON | typeof OPERATOR,
  ): Promise<void> {
    await visitor.open();
    await visitor.signIn(email, password);
    await visitor.heading('Devices');
  }

  /** Opens a page by its address, and waits for its heading. */
  async function open(path: string, title: string, on: Page = page): Promise<void> {
    await on.evaluate(`location.hash = ${JSON.stringify(path)}`);
    await on.getByRole('heading', { name: title, level: 1 }).waitFor();
  }
  const openUser = () => open(`/operator/users/${userId}`, PERSON.name);
  const button = (name: string | RegExp, within: Page | Locator = page) =>
    within.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const devices = (on: Page) => on.getByRole('list', { name: 'Devices' }).getByRole('listitem');
  async function send(text: string): Promise<void> {
    await dialog().getByLabel('Message').fill(text);
    await button('Send', dialog()).click();
    await user.page.getByText(text).waitFor();
  }

  test('are neither shown to users without the role, nor loaded for them', async () => {
    const loaded: string[] = [];
    user.context.on('request', (request) => loaded.push(request.url()));
    await signIn(user, PERSON);
    for (const path of ['/operator/users', `/operator/users/${userId}`, '/operator/keys', '/operator/live'])
      await open(path, 'Not found', user.page);
    await open('/devices', 'Devices', user.page);

    expect(await user.page.getByRole('link', { name: 'Signing keys' }).count()).toBe(0);
    expect(loaded.filter((url) => /\/assets\/(users?|keys|audit|live|operator)-/.test(url))).toEqual([]);
  });

  test('find users by a part of their name, and keep what was typed', async () => {
    await signIn(operator, OPERATOR);
    await open('/operator/users', 'Users');
    const people = page.getByRole('list', { name: 'Users' }).getByRole('listitem');
    await people.nth(2).waitFor();
    await page.getByLabel('Search').fill('lovel');
    await expect.poll(() => people.count()).toBe(1);
    await page.getByRole('link', { name: PERSON.name }).click();
    await page.getByRole('heading', { name: PERSON.name, level: 1 }).waitFor();
    await page.goBack();

    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    expect(await page.getByLabel('Search').inputValue()).toBe('lovel');
    expect(await people.count()).toBeLessThanOrEqual(1);
  });

  test.each([
    ['behind', () => user.page],
    ['ahead', () => page],
  ])('tell what was by the clock of the server, also on a machine whose own is %s', async (_, on) => {
    if (on() === page) await openUser();
    const moments = devices(on()).locator('.device__facts time, .device__small span:first-child time');
    await moments.first().waitFor();
    for (const told of await moments.allTextContents())
      expect(told).toMatch(/^(just now|[1-9] minutes? ago)$/);
  });

  test('bring a message to the page that a user has open: to them, to this device of theirs, to everybody', async () => {
    await openUser();
    await button('Send message').click();
    await button('Send', dialog()).click();
    await page.getByText('Write something first.').waitFor();
    // A message is for whoever listens, and the user's page may not have begun to.
    await user.page.locator('.liveness--live').waitFor();
    await send('The cellar is flooded.');
    await button(/^Message to/, devices(page).filter({ hasText: 'Chrome on Linux' })).click();
    await send('Your shoes are wet.');
    await open('/operator/users', 'Users');
    await button('Message everybody').click();
    await send('The water rises.');
  });

  test('say what suspending does before it is done, and then sign the user out in their own browser', async () => {
    await openUser();
    await button('Suspend').click();
    await dialog().getByText('All 2 sessions end at once.').waitFor();
    await button('Suspend', dialog()).click();
    await dialog().getByText('Say why.').waitFor();
    await dialog().getByLabel('Reason').fill('Sends 200 mails a day');
    await button('Suspend', dialog()).click();

    await page.getByText('Ada Lovelace is suspended, and 2 sessions ended').waitFor();
    await page.getByText('Sends 200 mails a day').waitFor();
    await page.getByText('No device is signed in.').waitFor();
    await user.page.getByText('Your account was suspended').waitFor();
  });

  test('reinstate a user, who can sign in again', async () => {
    await button('Reinstate').click();
    await button('Reinstate', dialog()).click();
    await button('Suspend').waitFor();

    await signIn(user, PERSON);
  });

  test('let no operator suspend themselves by accident', async () => {
    await open(`/operator/users/${operatorId}`, 'Operator');
    await page.getByText('This is your own account').waitFor();
    await button('Suspend').click();
    await dialog().getByText('You would suspend yourself').waitFor();
    await dialog().getByLabel('Reason').fill('by accident');
    await button('Suspend myself', dialog()).click();

    await dialog().getByText('Tick this first.').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
  });

  const lanes = () => page.getByRole('list', { name: 'Signing keys' }).getByRole('listitem');
  const lane = (state: string) => lanes().filter({ has: page.getByText(state, { exact: true }) });

  test('foretell a rotation, and show it in the timeline when it is scheduled and when it is done', async () => {
    await open('/operator/keys', 'Signing keys');
    await expect.poll(() => lanes().count()).toBe(2);
    await page.getByText('when the active key is 7 days old.').waitFor();
    await button('Rotate…').click();
    await dialog()
      .getByText(/the standby, signs from/)
      .waitFor();
    await button('Schedule rotation', dialog()).click();
    await page.getByText(/^Rotation scheduled for/).waitFor();

    await button('Rotate…').click();
    await dialog().getByLabel('Now, without waiting').check();
    await dialog()
      .getByText(/the standby, signs at once/)
      .waitFor();
    await dialog().getByText('Nobody is logged out, and clients need do nothing.').waitFor();
    await button('Rotate now', dialog()).click();

    await expect.poll(() => lanes().count()).toBe(3);
    expect(await lane('Retired').getByRole('img').getAttribute('aria-label')).toMatch(
      /retired: published .* is gone /,
    );
    expect(await page.getByRole('row').filter({ hasText: 'leaves the JWKS' }).count()).toBe(1);
  });

  test('revoke a key after a reason and a tick, and nobody is signed out', async () => {
    await button(/^Revoke/, lane('Active')).click();
    await dialog()
      .getByText('Sessions live: clients refresh by themselves, and nobody signs in again.')
      .waitFor();
    await dialog().getByLabel('Reason').fill('Found in a log');
    await button('Revoke', dialog()).click();
    await dialog().getByText('Tick this first.').waitFor();
    await dialog().getByRole('checkbox').check();
    await button('Revoke', dialog()).click();

    await lane('Revoked').waitFor();
    await page.getByRole('cell', { name: 'Found in a log' }).waitFor();
    await expect.poll(() => lane('Active').count()).toBe(1);
    await openUser();
    await page.getByRole('list', { name: 'Devices' }).getByRole('listitem').waitFor();
  });

  test('filter the audit log by kind and by user, in an address that shows the same again', async () => {
    await open('/operator/audit', 'Audit log');
    await page.getByLabel('Kind').selectOption('user.suspended');
    await page.getByText('Operator suspended Ada Lovelace').waitFor();
    await page.getByLabel('User').fill(PERSON.email);
    await page.getByLabel('User').press('Enter');
    await button('Everybody').waitFor();
    const entries = page.locator('.entry');
    await expect.poll(() => entries.count()).toBe(1);
    expect(await page.evaluate('location.hash')).toBe(`#/operator/audit?kind=user.suspended&user=${userId}`);
    await page.reload();
    await page.getByText('Operator suspended Ada Lovelace').waitFor();
    expect(await entries.count()).toBe(1);

    await page.getByLabel('Kind').selectOption('message.sent');
    await page.getByText('The cellar is flooded.').waitFor();
    await button('Everybody').click();
    await page.getByLabel('Kind').selectOption('key.revoked');
    await page.getByText(/Operator revoked key/).waitFor();
  });

  test('have words for every kind of audit event', async () => {
    const offered = await page.evaluate<string[]>(
      "[...document.querySelectorAll('search option')].map(({ value }) => value).filter((value) => value !== '')",
    );

    expect(offered.sort()).toEqual([...AUDIT_KINDS].sort());
  });

  test('show the verdicts on refresh tokens as they are given', async () => {
    await open('/operator/live', 'Live');
    const chart = page.getByRole('img', { name: /^Refresh verdicts/ });
    await chart.waitFor();
    const { email, password } = OTHER;
    const { tokens } = await mutate(server.url, 'login', { email, password });
    await mutate(server.url, 'refresh', { refreshToken: tokens?.refreshToken });
    await mutate(server.url, 'refresh', { refreshToken: 'nonsense' });

    await page.getByRole('img', { name: /rotated [1-9].*not ours [1-9]/ }).waitFor();
    await page.getByRole('img', { name: /^Revocation lag now: .*bound 5 s/ }).waitFor();
    await page
      .getByRole('img', { name: /^argon2 queue now: running \d+, waiting \d+, limit \d+\.$/ })
      .waitFor();
    await button('Refresh verdicts as a table').click();
    await page.getByRole('columnheader', { name: 'Rotated' }).waitFor();
    await button('Pause').click();
    await page.getByText(/^Paused/).waitFor();
  });

  test.each([
    ['Users', () => '/operator/users', '.person'],
    [PERSON.name, () => `/operator/users/${userId}`, '.device'],
    ['Signing keys', () => '/operator/keys', '.lane svg'],
    ['Audit log', () => '/operator/audit', '.entry'],
    ['Live', () => '/operator/live', '.plot svg'],
  ])('are accessible in light and dark, and fit a phone: %s', async (title, path, content) => {
    await open(path(), title);
    await page.locator(content).first().waitFor();
    await operator.examine();
  });

  test('end all sessions of a user, who is at their sign-in with the reason', async () => {
    await openUser();
    await button('End all sessions').click();
    await dialog().getByText('They can sign in again at once.').waitFor();
    await button('End all', dialog()).click();

    await page.getByText(/^\d+ sessions? of Ada Lovelace ended$/).waitFor();
    await page.getByText('No device is signed in.').waitFor();
    await user.page.getByText('An operator logged you out.').waitFor();
  });

  test('break no rule of their policy, complain of nothing, and ask no other host', () => {
    expect([...operator.complaints, ...user.complaints]).toEqual([]);
    expect([...operator.hosts]).toEqual([new URL(server.url).host]);
  });
});
