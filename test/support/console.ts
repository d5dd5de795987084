/** Somebody at the console: one browser context with what it complained of, and the steps that every test takes. */

import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { PATIENCE_MS } from '../../lab/harness/browser.js';

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Console errors, exceptions that nobody caught, violations of the policy. */
  readonly complaints: readonly string[];
  /** Hosts that were asked for anything. */
  readonly hosts: ReadonlySet<string>;
  /** Bytes of all answers so far, as they travelled. */
  bytes(): number;
  /** To a page of the console, by its address behind the `#`. */
  open(path?: string): Promise<void>;
  register(email: string): Promise<void>;
  signIn(email: string, password?: string): Promise<void>;
  /** The heading of the page that is open. */
  heading(name: string): Promise<void>;
}

export const PASSWORD = 'violet tram uphill 27';

export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  const hosts = new Set<string>();
  let bytes = 0;
  await context.addInitScript(`addEventListener('securitypolicyviolation', (event) => {
    console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI);
  });`);
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  context.on('weberror', (fault) => complaints.push(fault.error().message));
  context.on('request', (request) => hosts.add(new URL(request.url()).host));
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
