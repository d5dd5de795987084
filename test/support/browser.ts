/** A real browser with a profile of its own, for tests of what only a browser does: policies, cookies, storage. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { QUIET_CHROMIUM } from '../../lab/harness/browser.js';

const CHROMIUM = '/usr/bin/chromium';

/** Why there can be no browser here, or null. */
export const NO_BROWSER = existsSync(CHROMIUM) ? null : `Chromium is not installed at ${CHROMIUM}.`;

export interface Browser {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained of: console errors, exceptions that nobody caught, violations of its policy. */
  readonly complaints: readonly string[];
  /** Hosts that the page has asked for anything. */
  readonly hosts: ReadonlySet<string>;
  close(): Promise<void>;
}

export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'counterfoil-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: QUIET_CHROMIUM,
    viewport: { width: 1280, height: 800 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  // Less than a test may take, so that whatever is waited for in vain is named.
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (fault) => complaints.push(fault.message));
  context.on('request', (request) => {
    const { host } = new URL(request.url());
    if (host !== '') hosts.add(host);
  });
  // Violations come as events, too; not every one of them is written to the console.
  await page.exposeFunction('complain', (text: string) => complaints.push(text));
  await page.addInitScript(`
    addEventListener('securitypolicyviolation', (event) => {
      complain('policy: ' + event.violatedDirective + ' ' + event.blockedURI);
    });
  `);
  return {
    context,
    page,
    complaints,
    hosts,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
