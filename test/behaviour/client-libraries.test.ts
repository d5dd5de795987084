/**
 * The libraries of `examples/clients` in a real browser, against the built server: refreshes are counted where they are
 * made. Where Chromium is not installed this is skipped.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE_MS, startChromium } from '../../lab/harness/browser.js';
import { NO_BROWSER } from '../support/browser.js';
import { bundleLibraries, openTab, PERSON, serveClient, verdictsFromNow } from '../support/client-page.js';
import { ask, endAll, mutate, OPERATOR, type ServerProcess, startServer } from '../support/server-process.js';

const QUERIES = 50;
const LIFETIME_SECONDS = 6;
const NOTIFY = 'mutation ($input: NotifyUserInput!) { notifyUser(input: $input) { __typename } }';

if (NO_BROWSER !== null) test('the libraries run in a browser', ({ skip }) => skip(NO_BROWSER ?? ''));

describe.skipIf(NO_BROWSER !== null)('in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-libraries-'));
  let browser: Browser;
  let libraries: string;
  let server: ServerProcess;
  /** Of one whose tokens do not live long. */
  let hasty: ServerProcess;
  /** The page that has a socket there, and how many it has opened. */
  let listener: Page;
  let opened = 0;
  let openedAt: number;

  /** Signed in as the person, with a session of its own. */
  async function signedIn({ url }: ServerProcess): Promise<Page> {
    const context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE_MS);
    await serveClient(context, url, 'COOKIE', libraries);
    const page = await openTab(context, url);
    expect(await page.evaluate(`tab.login(${JSON.stringify(PERSON)})`)).toBe('LoginSuccess');
    return page;
  }

  async function tokenOf({ url }: ServerProcess, person: typeof PERSON): Promise<string> {
    const { tokens } = await mutate(url, 'login', person);
    return tokens?.accessToken ?? '';
  }

  /** Whatever sessions the person has there. */
  async function endElsewhere(there: ServerProcess): Promise<void> {
    await mutate(there.url, 'logoutAllDevices', {}, await tokenOf(there, PERSON));
  }

  async function openSocket(): Promise<void> {
    listener = await signedIn(hasty);
    listener.on('websocket', () => {
      opened += 1;
    });
    await listener.evaluate(`import('/client.js').then(({ socketClient }) => {
      tab.heard = [];
      tab.closed = [];
      const sockets = socketClient(tab.client, location.origin.replace('http', 'ws') + '/graphql');
      sockets.on('closed', ({ code }) => tab.closed.push(code));
      const query = 'subscription { sessionEvents { __typename ... on MessageEvent { text } } }';
      const next = ({ data }) => tab.heard.push(data.sessionEvents.text ?? data.sessionEvents.__typename);
      sockets.subscribe({ query }, { next, error: () => {}, complete: () => {} });
      return new Promise((resolve) => sockets.on('connected', () => resolve()));
    })`);
    openedAt = performance.now();
  }

  beforeAll(async () => {
    const start = (name: string, environment: Record<string, string> = {}) => {
      mkdirSync(join(folder, name));
      return startServer(join(folder, name), environment);
    };
    [browser, libraries, server, hasty] = await Promise.all([
      startChromium(),
      bundleLibraries(),
      start('usual'),
      start('hasty', { COUNTERFOIL_ACCESS_TTL: String(LIFETIME_SECONDS) }),
    ]);
    for (const { url } of [server, hasty]) await mutate(url, 'register', PERSON);
    // First of all, so that its token grows old while the libraries are tried.
    await openSocket();
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each([
    'client.request',
    'Apollo Client, by fetch',
    'Apollo Client, by its link',
    'urql, by its auth exchange',
    'graphql-request',
  ])('%s', (name) => {
    let page: Page;

    const many = () => page.evaluate<string[]>('tab.many()');

    beforeAll(async () => {
      page = await signedIn(server);
      await page.evaluate(`import('/client.js').then(({ ADAPTERS }) => {
        const send = (...request) => fetch(...request);
        const one = ADAPTERS['${name}'](tab.client, location.origin + '/graphql', send);
        tab.many = async () => {
          const answers = await Promise.allSettled(Array.from({ length: ${QUERIES} }, one));
          return answers.map(({ status, value }) => value?.viewer.id ?? status);
        };
      })`);
      return () => page.context().close();
    });

    test('fifty queries at once that find the token expired are answered, after exactly one refresh', async () => {
      const verdicts = await verdictsFromNow(server.url);
      await page.evaluate('tab.later(400_000)');
      expect(new Set(await many())).toEqual(new Set([expect.stringMatching(/^[\w-]{22}$/)]));
      expect(await verdicts()).toEqual({ rotate: 1 });
    });

    test('a session that is ended elsewhere is one sign-out, each query fails once, and nothing goes in circles', async () => {
      await endElsewhere(server);
      const verdicts = await verdictsFromNow(server.url);
      const states = await page.evaluate<unknown[]>('tab.states');
      let asked = 0;
      page.on('request', () => {
        asked += 1;
      });
      expect(new Set(await many())).toEqual(new Set(['rejected']));
      expect(await page.evaluate('tab.states')).toEqual([
        ...states,
        { kind: 'signed-out', because: 'ended' },
      ]);
      expect(await verdicts()).toEqual({ ended: 1 });
      expect(asked).toBe(QUERIES + 1);
    });
  });

  test('after two lifetimes of the token that it was opened with a socket is the same, and carries a message', async () => {
    const leftMs = openedAt + LIFETIME_SECONDS * 2_100 - performance.now();
    await new Promise((resolve) => setTimeout(resolve, leftMs));
    await ask(hasty.url, NOTIFY, { input: { text: 'still here' } }, await tokenOf(hasty, OPERATOR));
    await listener.waitForFunction('tab.heard.length > 0');
    expect(await listener.evaluate('({ heard: tab.heard, closed: tab.closed })')).toEqual({
      heard: ['still here'],
      closed: [],
    });
    expect(opened).toBe(1);
  });

  test('after a logout elsewhere it says so, is closed with 4403, and is not opened again', async () => {
    await endElsewhere(hasty);
    await listener.waitForFunction(`tab.closed.length > 0 && tab.client.state.kind === 'signed-out'`);
    expect(await listener.evaluate('tab.closed')).toEqual([4403]);
    expect(await listener.evaluate('tab.heard')).toContain('SessionsEndedEvent');
    expect(opened).toBe(1);
  });
});
