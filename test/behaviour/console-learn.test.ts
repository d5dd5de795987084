/**
 * The console's chapters for learners in real Chromium, over the built server: what they show of a session is what it is,
 * the simulator decides like the server, and each model is shown as what it is.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCENARIOS } from '../../console/src/pages/learn/scenarios.js';
import { startChromium } from '../../lab/harness/browser.js';
import { MODEL_NAMES, type ModelName } from '../../src/entities/session-model.js';
import { NO_BROWSER } from '../support/browser.js';
import { PASSWORD, type Visitor, visit } from '../support/console.js';
import {
  endAll,
  mutate,
  OPERATOR,
  type ServerProcess,
  startServer,
  verdicts,
} from '../support/server-process.js';

const CHAPTERS = { credential: 'Your credential', rotation: 'Rotation', models: 'Three models' } as const;
type Chapter = keyof typeof CHAPTERS;

if (NO_BROWSER !== null) test('learners see their credential', ({ skip }) => skip(NO_BROWSER ?? ''));

describe.skipIf(NO_BROWSER !== null)('the chapters for learners', () => {
  let browser: Browser;
  let page: Page;
  let here: Visitor;
  const visitors: Visitor[] = [];
  const folders: string[] = [];
  const servers = new Map<ModelName, ServerProcess>();

  beforeAll(async () => {
    browser = await startChromium();
    await Promise.all(
      MODEL_NAMES.map(async (model) => {
        const folder = mkdtempSync(join(tmpdir(), 'counterfoil-learn-'));
        folders.push(folder);
        servers.set(model, await startServer(folder, { COUNTERFOIL_MODEL: model }));
      }),
    );
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const urlOf = (model: ModelName) => servers.get(model)?.url ?? '';
  /** One browser for each model: cookies know no ports. */
  async function signIn(model: ModelName): Promise<void> {
    await visitors.at(-1)?.context.close();
    here = await visit(browser, urlOf(model));
    visitors.push(here);
    page = here.page;
    await open('credential', 'Sign in');
    await here.signIn(OPERATOR.email, OPERATOR.password);
    await here.heading(CHAPTERS.credential);
  }
  async function open(chapter: Chapter, heading: string = CHAPTERS[chapter]): Promise<void> {
    await here.open(`/learn/${chapter}`);
    await here.heading(heading);
  }
  const areAccessible = (chapters: readonly Chapter[]) =>
    test.each(chapters)('are accessible, light and dark, and fit a phone: %s', async (chapter) => {
      await open(chapter);
      await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
      await here.examine();
    });

  describe('of a hybrid server', () => {
    beforeAll(() => signIn('hybrid'));

    test('show every claim of the real token, which is covered until somebody asks', async () => {
      await open('credential');
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

    test('refresh for real: another token of the next generation, one rotation, and still signed in', async () => {
      await open('rotation');
      const tokens = page.locator('[data-jti]');
      await tokens.first().waitFor();
      const before = await tokens.first().getAttribute('data-jti');
      const count = await tokens.count();
      const counted = await verdicts(urlOf('hybrid'));
      await page.getByRole('button', { name: 'Refresh now' }).click();
      await page.getByText('A new pair.').waitFor();
      await tokens
        .first()
        .getByText(/^Generation 1\s*rotate$/)
        .waitFor();
      await page.getByText('The row says: generation 1, made').waitFor();
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

    areAccessible(['credential', 'rotation', 'models']);
  });

  describe('of a stateful server', () => {
    beforeAll(() => signIn('stateful'));

    test('show the real row, and no token to decode', async () => {
      await open('credential');
      await page.getByText('This server runs the stateful model.').waitFor();
      await page.getByRole('list', { name: 'Parts of the session token' }).waitFor();
      expect(await page.locator('[data-claim]').count()).toBe(0);
      await open('rotation');
      await page.getByRole('button', { name: 'Refresh now' }).click();
      await page.getByText('The token is the same as before.').waitFor();
      await open('models');
      expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Stateful, here');
    });

    areAccessible(['credential']);
  });

  describe('of a stateless server', () => {
    beforeAll(() => signIn('stateless'));

    test('are of a console that has no list of devices, says so, and offers nothing that takes one', async () => {
      await here.open('/devices');
      await page.getByText('This server keeps no list of devices').waitFor();
      expect(await page.getByRole('button', { name: 'Log out everywhere' }).count()).toBe(0);
      await here.open('/security');
      await page.getByText('Devices that are signed in stay so').waitFor();
    });

    test('show a specimen, and that logging out is forgetting', async () => {
      await open('credential');
      await page.getByText('Logging out here is forgetting').waitFor();
      await page.getByText('Verified in this page, offline').waitFor();
      expect(await page.locator('[data-claim="epoch"]').count()).toBe(0);
      await page.getByText('No row stands behind it.').waitFor();
      await page.getByText('fits the key of this page').waitFor();
      await open('rotation');
      await page.getByRole('button', { name: 'Refresh now' }).click();
      await page.getByText('The server has signed another token, into the cookie.').waitFor();
      await open('models');
      expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Stateless, here');
      for (const deed of ['steal', 'logout', 'thief-request'])
        await page.locator(`[data-deed="${deed}"]`).click();
      const [latest] = await page.locator('.table tbody tr').all();
      expect(await latest?.locator('[data-title="Stateless"]').textContent()).toContain('Works');
      expect(await latest?.locator('[data-title="Hybrid"]').textContent()).toContain('Refused');
      expect(await latest?.locator('[data-title="Stateful"]').textContent()).toContain('Refused');
    });

    test('promise no operator what this model cannot keep', async () => {
      const { url } = servers.get('stateless') as ServerProcess;
      await mutate(url, 'register', { email: 'ada@example.test', password: PASSWORD, name: 'Ada' });
      await here.open('/operator/keys');
      await page
        .getByRole('button', { name: /^Revoke/ })
        .first()
        .click();
      await page.getByText('everybody who has one of this key, you too, has to sign in again').waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await here.open('/operator/users?search=ada');
      await page.getByRole('link', { name: 'Ada' }).click();
      await page.getByRole('button', { name: 'Suspend', exact: true }).click();
      await page.getByText('whoever has one goes on with it, and renews it, for up to 90 days').waitFor();
      await page.getByLabel('Reason').fill('test');
      await page.getByRole('dialog').getByRole('button', { name: 'Suspend', exact: true }).click();
      await page.getByText('Ada is suspended', { exact: true }).waitFor();
      // In 90 days: a time of day alone would be taken for that of today.
      await page.getByText(/refuses the access tokens from \w+ \d+, \d{4}, /).waitFor();
    });

    areAccessible(['credential']);
  });

  test('complain of nothing, and ask nobody else', () => {
    expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([]);
    const own = MODEL_NAMES.map((model) => new URL(urlOf(model)).host);
    const asked = visitors.flatMap(({ hosts }) => [...hosts]);
    expect(asked.filter((host) => !own.includes(host))).toEqual([]);
  });
});
