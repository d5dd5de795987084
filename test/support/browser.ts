/** A real browser, for tests of what only a browser does: policies, cookies, storage. */

import type { BrowserContext, Page } from 'playwright-core';
import { findChromium, PATIENCE_MS, startChromium } from '../../lab/harness/browser.js';

const chromium = findChromium();
/** Why there can be no browser here, or null. */
export const NO_BROWSER = chromium.kind === 'missing' ? chromium.advice : null;

export interface Watched {
  /** What the page complained of: console errors, exceptions that nobody caught, violations of its policy. */
  readonly complaints: string[];
  /** Hosts that the page has asked for anything. */
  readonly hosts: ReadonlySet<string>;
}

export interface Browser extends Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

export async function startBrowser(): Promise<Browser> {
  const browser = await startChromium();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return {
    context,
    ...(await watched(context)),
    page: await context.newPage(),
    close: () => browser.close(),
  };
}

/** Notes what pages of the context complain of, and whom they ask; before there are any. */
export async function watched(context: BrowserContext): Promise<Watched> {
  const complaints: string[] = [];
  const hosts = new Set<string>();
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  context.on('weberror', (fault) => complaints.push(fault.error().message));
  context.on('request', (request) => {
    const { host } = new URL(request.url());
    if (host !== '') hosts.add(host);
  });
  // Violations come as events, too; not every one of them is written to the console.
  await context.addInitScript(`addEventListener('securitypolicyviolation', (event) => {
    console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI);
  });`);
  return { complaints, hosts };
}
