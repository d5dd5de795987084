/** Real Chromium, and what a page in it can ask: names under `.test` are this machine, and its certificates are not checked. */

import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** Less than a step may take, so that whatever is waited for in vain is named. */
export const PATIENCE_MS = 15_000;

/**
 * Without a sandbox (the lab and the tests may run as root), without anything that calls home, and without a process for a
 * graphics card that there is not: a tenth of what a visit costs.
 */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--in-process-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--ignore-certificate-errors',
  '--host-resolver-rules=MAP *.test 127.0.0.1',
];

/** Where one is, or how to get one. */
export function findChromium():
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly advice: string } {
  const own = process.env['COUNTERFOIL_CHROMIUM'];
  const places = own === undefined ? [...PLACES, chromium.executablePath()] : [own];
  const path = places.find((place) => existsSync(place));
  if (path !== undefined) return { kind: 'found', path };
  return {
    kind: 'missing',
    advice:
      `There is no Chromium at ${places.join(' or ')}. Install it (Debian, Ubuntu: apt-get install chromium; others: ` +
      'npx playwright-core install chromium) or say where it is in COUNTERFOIL_CHROMIUM.',
  };
}

/** Rejects where there is none: a step that needs it fails with the advice. */
export async function startChromium(): Promise<Browser> {
  const found = findChromium();
  if (found.kind === 'missing') throw new Error(found.advice);
  return await chromium.launch({ executablePath: found.path, args: ARGUMENTS });
}

export interface PageRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the page asks for its cookies to be sent. */
  readonly credentials: 'include' | 'omit';
  readonly mode?: 'cors' | 'no-cors';
}

/** What the page's script was given. `threw` is a browser that let the page have nothing. */
export type PageAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  | { readonly kind: 'threw'; readonly message: string };

/** By `fetch` in the page itself, so that every rule for pages holds. */
export async function fetchIn(page: Page, { url, ...init }: PageRequest): Promise<PageAnswer> {
  // As text, because a function would be compiled for Node: the page has none of the compiler's own functions.
  return (await page.evaluate(`(async () => {
    try {
      const response = await fetch(${JSON.stringify(url)}, ${JSON.stringify(init)});
      return { kind: 'answer', status: response.status, text: await response.text() };
    } catch (fault) {
      return { kind: 'threw', message: String(fault) };
    }
  })()`)) as PageAnswer;
}
