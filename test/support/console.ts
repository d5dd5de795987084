/** Somebody at the console: one browser context with what it complained of, and the steps that every test takes. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE_MS } from '../../lab/harness/browser.js';
import { type Watched, watched } from './browser.js';

export interface Visitor extends Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Bytes of all answers so far, as they travelled. */
  bytes(): number;
  /** To a page of the console, by its address behind the `#`. */
  open(path?: string): Promise<void>;
  register(email: string): Promise<void>;
  signIn(email: string, password?: string): Promise<void>;
  /** The heading of the page that is open. */
  heading(name: string): Promise<void>;
  /** Axe has nothing to complain of, in light and dark, and nothing is wider than a phone. */
  examine(): Promise<void>;
}

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 320, height: 640 };
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const PASSWORD = 'violet tram uphill 27';

/** `clockMs`: how far the clock of their machine is wrong. */
export async function visit(browser: Browser, url: string, clockMs = 0): Promise<Visitor> {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: DESKTOP });
  context.setDefaultTimeout(PATIENCE_MS);
  const { complaints, hosts } = await watched(context);
  let bytes = 0;
  if (clockMs !== 0)
    await context.addInitScript(`globalThis.Date = class extends Date {
      constructor(...given) { given.length === 0 ? super(new.target.now()) : super(...given); }
      static now() { return super.now() + ${clockMs}; }
    };`);
  context.on('response', (response) => {
    bytes += Number(response.headers()['content-length'] ?? 0);
  });
  const page = await context.newPage();
  const heading = async (name: string) =>
    page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  const fill = async (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);
  return {
    context,
    page,
    complaints,
    hosts,
    bytes: () => bytes,
    heading,
    examine: () => examine(page),
    open: async (path = '/') => {
      await page.goto(`${url}/console/#${path}`);
    },
    register: async (email) => {
      await page.goto(`${url}/console/#/register`);
      await fill('Email', email);
      await fill('Password', PASSWORD);
      await page.getByRole('button', { name: 'Create account' }).click();
      await heading('Devices');
    },
    signIn: async (email, password = PASSWORD) => {
      await fill('Email', email);
      await fill('Password', password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    },
  };
}

async function examine(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await violations(page, RULES), 'in light').toEqual([]);
  // What is there and what it is called does not hang on its colours.
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page, ['color-contrast']), 'in dark').toEqual([]);
  await page.emulateMedia({ colorScheme: null });
  const size = page.viewportSize() ?? DESKTOP;
  await page.setViewportSize(PHONE);
  // What is drawn as wide as its place is drawn anew a moment later.
  const width = () => page.evaluate<number>('document.documentElement.scrollWidth');
  await expect.poll(width).toBeLessThanOrEqual(PHONE.width);
  await page.setViewportSize(size);
}

const require = createRequire(import.meta.url);
let axe: string | null = null;

async function violations(page: Page, rules: readonly string[]): Promise<unknown> {
  // By the debugger, which no policy of the page binds; once a document.
  axe ??= readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe);
  const options = JSON.stringify({ runOnly: rules, resultTypes: ['violations'] });
  return await page.evaluate(`axe.run(document, ${options}).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary)]))`);
}
