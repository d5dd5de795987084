/** A page that uses `counterfoil/client` as it is built, on the origin of a server. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { REPOSITORY } from './sandbox.js';

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
  window.tab = {
    states, client, viewer,
    start: () => client.start(),
    login: (person) => client.login(person).then(({ __typename }) => __typename),
    logout: () => client.logout(),
    later: (milliseconds) => { offset += milliseconds; },
  };
</script>`;

/** The page and the client, on the origin of the server. */
export async function serveClient(context: BrowserContext, url: string, delivery: string): Promise<void> {
  const script = readFileSync(join(REPOSITORY, 'dist/client.js'), 'utf8');
  await context.route(
    (address) => address.pathname === '/app',
    (route) => route.fulfill({ contentType: 'text/html', body: PAGE(delivery) }),
  );
  await context.route(`${url}/client.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  );
}
