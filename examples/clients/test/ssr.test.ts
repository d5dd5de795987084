/** The recipe for rendering on a server, over the real one: what works, and why the rest is not recommended. */

import { afterEach, expect, test } from 'vitest';
import { ask } from '../src/fetch.js';
import { queryAs, refreshedAs, type Visit } from '../src/ssr.js';
import { type Data, VIEWER } from './viewer.js';
import { clientOf, Network, signIn, startWorld, type World } from './world.js';

let world: World;
afterEach(() => world.stop());

async function signedInBrowser() {
  const browser = new Network('COOKIE');
  const client = clientOf(world, browser, { delivery: 'COOKIE' });
  await signIn(client);
  const visit = (): Visit => ({ cookie: browser.cookie, userAgent: 'Browser/1', address: '192.0.2.7' });
  return { browser, client, visit };
}

const audit = (kind: string) =>
  world.counterfoil.app.store.audit
    .list({ userId: null, kind: kind as never }, { first: 100, after: null })
    .then(({ items }) => items.length);

/** As a browser takes it. */
function cookieOf(setCookie: readonly string[]): string {
  return setCookie.map((set) => set.split(';')[0] ?? '').join('; ');
}

test('in the stateful model the cookie is passed on: the page has the user’s data, and the client goes on', async () => {
  world = await startWorld({ model: 'stateful' });
  const { browser, client, visit } = await signedInBrowser();
  const before = browser.arrived.length;
  const pages = await Promise.all(Array.from({ length: 5 }, () => queryAs<Data>(visit(), world.url, VIEWER)));
  expect(new Set(pages.map(({ viewer }) => viewer.id)).size).toBe(1);
  expect(await client.request(VIEWER, {})).toEqual(pages[0]);
  expect(browser.arrived.slice(before)).toEqual(['Viewer']);
});

test('in the hybrid model the cookie alone is nobody to a query', async () => {
  world = await startWorld();
  const { visit } = await signedInBrowser();
  await expect(queryAs<Data>(visit(), world.url, VIEWER)).rejects.toThrow();
});

test('a site without the client may refresh as it renders, two visits at once included', async () => {
  world = await startWorld();
  const { visit } = await signedInBrowser();
  let cookie = visit().cookie;
  for (let page = 0; page < 3; page += 1) {
    world.pass(400);
    const [one, two] = await Promise.all([
      refreshedAs({ ...visit(), cookie }, world.url),
      refreshedAs({ ...visit(), cookie }, world.url),
    ]);
    const [token, same] = [one.accessToken, two.accessToken];
    if (token === null || same === null) throw new Error('It was signed out.');
    const bearer: typeof fetch = (input, init) =>
      fetch(input, {
        ...init,
        headers: { ...init?.headers, authorization: `Bearer ${token}` } as HeadersInit,
      });
    expect((await ask<Data>(bearer, world.url, VIEWER)).viewer.id).toMatch(/^[\w-]{22}$/);
    expect(cookieOf(one.setCookie)).toBe(cookieOf(two.setCookie)); // whichever comes last
    cookie = cookieOf(one.setCookie);
  }
  expect(await audit('session.reuse-detected')).toBe(0);
});

test('its session ends where what the browser is to keep does not reach it', async () => {
  world = await startWorld();
  const { visit } = await signedInBrowser();
  const { cookie } = visit();
  await refreshedAs({ ...visit(), cookie }, world.url);
  world.pass(400);
  expect((await refreshedAs({ ...visit(), cookie }, world.url)).accessToken).toBeNull();
  expect(await audit('session.reuse-detected')).toBe(1);
});

test('beside the client it is taken for a thief, which is why a page refreshes in one of the two places only', async () => {
  world = await startWorld();
  const { client, visit } = await signedInBrowser();
  world.pass(400);
  await refreshedAs(visit(), world.url); // in another tab: its answer is under way yet
  await client.request(VIEWER, {}).catch(() => {});
  expect(client.state).toEqual({ kind: 'signed-out', because: 'reused' });
});
