/** Pages that use `counterfoil/client` as it is built, on the origin of a server, and what may befall them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { REPOSITORY } from './sandbox.js';
import { verdicts } from './server-process.js';

export const PERSON = { email: 'ada@example.test', password: 'orchid kettle granite 41' };

/** What a page of somebody's own does with the client; `later` sets its clocks forth, and `?clock=` wrong from the beginning. */
const PAGE = (delivery: string) => `<!doctype html><title>tab</title><script type="module">
  import { createClient, indexedDbStorage } from '/client.js';
  let offset = Number(new URLSearchParams(location.search).get('clock'));
  const clock = { now: () => Date.now() + offset, monotonic: () => performance.now() + offset };
  const states = [];
  const client = createClient({
    url: '/graphql', delivery: '${delivery}', storage: indexedDbStorage('test-${delivery}'), clock, timeout: 5,
  });
  client.subscribe((state) => states.push(state));
  const viewer = () =>
    client.request('query Viewer { viewer { email } }', {}).then(({ viewer }) => viewer.email, (fault) => fault.kind);
  await client.start();
  window.tab = {
    states, client, viewer,
    login: (person) => client.login(person).then(({ __typename }) => __typename),
    logout: () => client.logout(),
    later: (milliseconds) => { offset += milliseconds; },
  };
</script>`;

/** The page and the client, on the origin of the server; `script` is the client unless it is given. */
export async function serveClient(
  context: BrowserContext,
  url: string,
  delivery: 'COOKIE' | 'BODY',
  script = readFileSync(join(REPOSITORY, 'dist/client.js'), 'utf8'),
): Promise<void> {
  // A page that comes from here has no address of its own, and Chromium would ask whether it may open a socket to this one.
  await context.grantPermissions(['local-network-access'], { origin: url });
  await context.route(
    (address) => address.pathname === '/app',
    (route) => route.fulfill({ contentType: 'text/html', body: PAGE(delivery) }),
  );
  await context.route(`${url}/client.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  );
}

/** The libraries of `examples/clients` with the client as it is built, for pages to load in place of the client alone. */
export async function bundleLibraries(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from 'counterfoil/client';
        export { socketClient } from './src/graphql-ws.js';
        export { ADAPTERS } from './test/adapters.js';`,
      resolveDir: join(REPOSITORY, 'examples/clients'),
    },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    minify: true,
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

/** A new tab whose client knows whether somebody is signed in. `clock`: by how many milliseconds its clocks are wrong. */
export async function openTab(context: BrowserContext, url: string, clock = 0): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}/app?clock=${clock}`);
  await page.waitForFunction('window.tab !== undefined');
  return page;
}

/** The tab's next refresh is carried out, and its answer, with the cookie that it would have set, never arrives. */
export async function loseTheNextAnswer(
  tab: Page,
  instead: (route: Route) => Promise<void> = (route) => route.abort('connectionreset'),
): Promise<void> {
  let isLost = false;
  await tab.route('**/graphql', async (route) => {
    const request = route.request();
    const body = request.postData();
    if (isLost || !body?.includes('mutation Refresh')) return route.fallback();
    isLost = true;
    await fetch(request.url(), { method: 'POST', headers: await request.allHeaders(), body });
    await instead(route);
  });
}

/** The tab is gone at once. One that is closed in good order may first be told that its requests have broken off. */
export async function killTab(tab: Page): Promise<void> {
  const isGone = tab.waitForEvent('crash');
  const session = await tab.context().newCDPSession(tab);
  session.send('Page.crash').catch(() => {});
  await isGone;
  await tab.close();
}

/** Counts from now on what the server decides of refresh tokens, by verdict. */
export async function verdictsFromNow(url: string): Promise<() => Promise<Record<string, number>>> {
  const before = await verdicts(url);
  return async () => {
    const more = Object.entries(await verdicts(url)).map(
      ([verdict, count]) => [verdict, count - (before[verdict] ?? 0)] as const,
    );
    return Object.fromEntries(more.filter(([, count]) => count !== 0));
  };
}
