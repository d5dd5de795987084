/** The page in a document: drawn on a server, taken over in the browser, and drawn again whenever the session changes. */

import { memoryStorage } from 'counterfoil/client';
import { parseHTML } from 'linkedom';
import { act } from 'react';
import { hydrateRoot, type Root } from 'react-dom/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { Page } from '../src/react.js';
import { renderPage } from '../src/ssr.js';
import { clientOf, Network, signIn, startWorld, type World } from './world.js';

let world: World;
let container: HTMLElement;
let root: Root | null;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  const { window, document } = parseHTML('<html><body><div id="app"></div></body></html>');
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', document);
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  container = document.getElementById('app') as unknown as HTMLElement;
  root = null;
});
afterEach(async () => {
  await act(async () => root?.unmount());
  vi.unstubAllGlobals();
});

const drawn = () => container.textContent;

test('a page is drawn on a server without asking anything, and taken over as it is', async () => {
  const network = new Network();
  container.innerHTML = renderPage(clientOf(world, network));
  expect(drawn()).toBe('One moment…');
  const faults: unknown[] = [];
  const client = clientOf(world, network);
  await act(async () => {
    root = hydrateRoot(container, <Page client={client} />, {
      onRecoverableError: (fault) => faults.push(fault),
    });
  });
  expect(faults).toEqual([]);
  expect(drawn()).toBe('Sign in');
  expect(network.arrived).toEqual([]);
});

test('it goes from signed in to signed out, here and elsewhere, without being told by anybody else', async () => {
  const network = new Network();
  const storage = memoryStorage();
  await signIn(clientOf(world, network, { storage }));
  const client = clientOf(world, network, { storage }); // as after a reload
  container.innerHTML = renderPage(client);
  await act(async () => {
    root = hydrateRoot(container, <Page client={client} />);
  });
  expect(drawn()).toBe('Sign out');
  await act(async () => void (await client.logout()));
  expect(drawn()).toBe('Sign in');
  await act(() => signIn(client));
  expect(drawn()).toBe('Sign out');

  const other = clientOf(world, new Network());
  await signIn(other);
  await other.request('mutation { logoutAllDevices { __typename } }', {});
  await act(async () => void (await client.request('{ viewer { id } }', {}).catch(() => {})));
  expect(drawn()).toBe('Sign in again');
});
