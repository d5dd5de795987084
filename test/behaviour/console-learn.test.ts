/**
 * The console's chapters for learners in real Chromium, over the built server: what they show of a session is what it is,
 * the simulator decides like the server, and each model is shown as what it is.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCENARIOS } from '../../console/src/pages/learn/scenarios.js';
import { MODEL_NAMES, type ModelName } from '../../src/entities/session-model.js';
import { type Browser, NO_BROWSER, startBrowser } from '../support/browser.js';
import { endAll, mutate, type ServerProcess, startServer, verdicts } from '../support/server-process.js';

const PERSON = { email: 'ada@example.test', password: 'orchid kettle granite 41' };
const CHAPTERS = ['credential', 'rotation', 'models'] as const;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

if (NO_BROWSER !== null) test('learners see their credential', ({ skip }) => skip(NO_BROWSER ?? ''));

describe.skipIf(NO_BROWSER !== null)('the chapters for learners', () => {
  let browser: Browser;
  let page: Page;
  const folders: string[] = [];
  const servers = new Map<ModelName, ServerProcess>();

  beforeAll(async () => {
    browser = await startBrowser();
    page = browser.page;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await Promise.all(
      MODEL_NAMES.map(async (model) => {
        const folder = mkdtempSync(join(tmpdir(), 'counterfoil-learn-'));
        folders.push(folder);
        const server = await startServer(folder, { COUNTERFOIL_MODEL: model });
        servers.set(model, server);
        await mutate(server.url, 'register', { ...PERSON, name: 'Ada', delivery: 'BODY' });
      }),
    );
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const urlOf = (model: ModelName) => servers.get(model)?.url ?? '';
  async function open(model: ModelName, chapter: (typeof CHAPTERS)[number]): Promise<void> {
    await page.goto(`${urlOf(model)}/console/#/learn/${chapter}`);
    const entrance = page.getByLabel('Password', { exact: true });
    const there = page.locator('.chapters');
    await entrance.or(there).first().waitFor();
    if (await entrance.isVisible()) {
      await page.getByLabel(/email/i).first().fill(PERSON.email);
      await entrance.fill(PERSON.password);
      await page.getByRole('button', { name: /^Sign in/ }).click();
      await there.waitFor();
    }
  }

  /** One model after the other: cookies know no ports, so each sign-in takes the place of the one before. */
  const areAccessible = (model: ModelName, chapters: readonly (typeof CHAPTERS)[number][]) =>
    test('are accessible, light and dark, and fit a phone', async () => {
      for (const chapter of chapters) {
        await open(model, chapter);
        await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
        expect(await violations(page), `${chapter}, light`).toEqual([]);
        await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
        expect(await violations(page, ['color-contrast']), `${chapter}, dark`).toEqual([]);
        await page.setViewportSize({ width: 390, height: 844 });
        const beyond = 'document.documentElement.scrollWidth > innerWidth';
        expect(await page.evaluate(beyond), chapter).toBe(false);
        await page.setViewportSize({ width: 1280, height: 800 });
      }
    });

  describe('of a hybrid server', () => {
    test('show every claim of the real token, which is covered until somebody asks', async () => {
      await open('hybrid', 'credential');
      const shown = page.locator('[data-shown]');
      await page.getByText('The token is covered.').waitFor();
      expect(await shown.count()).toBe(0);
      expect(await page.content()).not.toContain('eyJ');
      await page.getByRole('button', { name: 'Show the token' }).click();
      const text = (await shown.textContent()) ?? '';
      const claims = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
      expect(Object.keys(claims)).toContain('sid');
      for (const [name, value] of Object.entries(claims))
        expect(await page.locator(`[data-claim="${name}"]`).textContent(), name).toContain(String(value));
      await page.getByRole('button', { name: 'Hide the token' }).click();
      expect(await page.content()).not.toContain('eyJ');
      expect(page.url()).not.toContain('eyJ');
    });

    test('verify the signature in the page, and refuse it when a letter is changed', async () => {
      await page.getByText('Verified in this page, offline: no server was asked').waitFor();
      await page.getByRole('button', { name: 'Change one letter' }).click();
      await page.getByText('One letter was changed, and the signature does not fit').waitFor();
      await page.getByRole('button', { name: 'Put the letter back' }).click();
      await page.getByText('Verified in this page, offline: no server was asked').waitFor();
    });

    test('explain each part of the refresh token to whoever goes through it by keyboard', async () => {
      const strip = page.getByRole('list', { name: 'Parts of the refresh token' });
      await strip.getByRole('button').first().focus();
      const seen: string[] = [];
      for (let index = 0; index < 6; index += 1) {
        seen.push((await page.locator('.anatomy__title').textContent()) ?? '');
        await page.keyboard.press('Tab');
      }
      expect(new Set(seen).size).toBe(6);
      await strip.getByRole('button', { name: /Session id/ }).focus();
      const sid = (await page.locator('[data-claim="sid"]').textContent()) ?? '';
      const hex = ((await page.locator('.anatomy__whole').textContent()) ?? '').replaceAll(' ', '');
      expect(Buffer.from(hex, 'hex').toString('base64url')).toBe(sid);
    });

    test('refresh for real: another token, one rotation, and still signed in', async () => {
      await open('hybrid', 'rotation');
      const tokens = page.locator('[data-jti]');
      await tokens.first().waitFor();
      const before = await tokens.first().getAttribute('data-jti');
      const count = await tokens.count();
      const counted = await verdicts(urlOf('hybrid'));
      await page.getByRole('button', { name: 'Refresh now' }).click();
      await page.getByText('A new pair.').waitFor();
      expect(await tokens.first().getAttribute('data-jti')).not.toBe(before);
      expect(await tokens.count()).toBe(count + 1);
      const after = await verdicts(urlOf('hybrid'));
      expect((after['rotate'] ?? 0) - (counted['rotate'] ?? 0)).toBe(1);
      await page.getByRole('heading', { name: 'Rotation', level: 1 }).waitFor();
    });

    test.each(SCENARIOS)('tell "$title", which ends in $ends', async ({ title, acts, ends }) => {
      await page.getByRole('button', { name: title, exact: true }).click();
      await page.getByRole('button', { name: /^Next:/ }).click();
      if (acts.length > 1) await page.getByRole('button', { name: 'All steps' }).click();
      await page.locator('.story__moral').waitFor();
      expect(await page.locator('[data-verdict]').first().getAttribute('data-verdict')).toBe(ends);
      expect(await page.locator('.verdicts__row--matched .verdict').textContent()).toBe(ends);
    });

    test('let somebody play by keyboard alone, and say each step', async () => {
      await page.getByRole('button', { name: 'Start again' }).focus();
      await page.keyboard.press('Enter');
      for (const what of ['steal', 'refresh', 'thief-refresh']) {
        await page.locator(`[data-act="${what}"]`).focus();
        await page.keyboard.press('Enter');
      }
      await page
        .getByRole('status')
        .filter({ hasText: 'Reuse: the session is ended' })
        .waitFor({ state: 'attached' });
      // What is impossible now says so, keeps the focus, and does nothing.
      const steal = page.locator('[data-act="steal"]');
      expect(await steal.getAttribute('aria-disabled')).toBe('true');
      const moments = await page.locator('.moment').count();
      await steal.click({ force: true });
      expect(await page.locator('.moment').count()).toBe(moments);
    });

    areAccessible('hybrid', CHAPTERS);
  });

  describe('of a stateful server', () => {
    test('show the real row, and no token to decode', async () => {
      await open('stateful', 'credential');
      await page.getByText('This server runs the stateful model.').waitFor();
      await page.getByRole('list', { name: 'Parts of the session token' }).waitFor();
      expect(await page.locator('[data-claim]').count()).toBe(0);
      await open('stateful', 'rotation');
      await page.getByRole('button', { name: 'Refresh now' }).click();
      await page.getByText('The token is the same as before.').waitFor();
      await open('stateful', 'models');
      expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Stateful, here');
    });

    areAccessible('stateful', ['credential']);
  });

  describe('of a stateless server', () => {
    test('show a specimen, and that logging out is forgetting', async () => {
      await open('stateless', 'credential');
      await page.getByText('Logging out here is forgetting').waitFor();
      await page.getByText('Verified in this page, offline').waitFor();
      expect(await page.locator('[data-claim="epoch"]').count()).toBe(0);
      await open('stateless', 'rotation');
      await page.getByRole('button', { name: 'Refresh now' }).click();
      await page.getByText('The server has signed another token, into the cookie.').waitFor();
      await open('stateless', 'models');
      expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Stateless, here');
      for (const deed of ['steal', 'logout', 'thief-request'])
        await page.locator(`[data-deed="${deed}"]`).click();
      const [latest] = await page.locator('.table tbody tr').all();
      expect(await latest?.locator('[data-title="Stateless"]').textContent()).toContain('Works');
      expect(await latest?.locator('[data-title="Hybrid"]').textContent()).toContain('Refused');
      expect(await latest?.locator('[data-title="Stateful"]').textContent()).toContain('Refused');
    });

    areAccessible('stateless', ['credential']);
  });

  test('complain of nothing, and ask nobody else', () => {
    expect(browser.complaints).toEqual([]);
    const own = MODEL_NAMES.map((model) => new URL(urlOf(model)).host);
    expect([...browser.hosts].filter((host) => !own.includes(host))).toEqual([]);
  });
});

/** What axe finds, by all of its rules or by those named. */
async function violations(page: Page, rules: readonly string[] | null = null): Promise<unknown> {
  // Colours that are still on their way from light to dark are nobody's contrast; they go down from parent to child.
  await page.evaluate(`(async () => {
    for (let calm = 0; calm < 5; calm = document.getAnimations().length === 0 ? calm + 1 : 0)
      await new Promise(requestAnimationFrame);
  })()`);
  // By the debugger, which the policy of the page does not bind.
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(AXE);
  const options = { resultTypes: ['violations'], ...(rules === null ? {} : { runOnly: rules }) };
  // The way past the navigation is an address here, and so none that axe knows.
  return await page.evaluate(`axe.run({ exclude: ['.skip'] }, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.map(({ id, nodes }) =>
      ({ id, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + failureSummary) })))`);
}
