/** `useSession`, in a document: what it asks of the client, and how often. */

import { parseHTML } from 'linkedom';
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from '../../../src/client/index.js';
import { useSession } from '../../../src/client/react.js';

let container: Element;
beforeEach(() => {
  const { window, document } = parseHTML('<html><body><div id="app"></div></body></html>');
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', document);
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  container = document.getElementById('app') as unknown as Element;
});
afterEach(() => vi.unstubAllGlobals());

it('a component that is drawn again and again listens once', async () => {
  const client = createClient({ url: 'http://127.0.0.1:1/graphql', delivery: 'BODY' });
  const subscribe = vi.spyOn(client, 'subscribe');
  const Page = ({ turn }: { readonly turn: number }) => `${turn}: ${useSession(client).kind}`;
  const root = createRoot(container);
  for (const turn of [1, 2, 3]) await act(async () => root.render(createElement(Page, { turn })));
  expect(container.textContent).toBe('3: signed-out');
  expect(subscribe).toHaveBeenCalledTimes(1);
  await act(async () => root.unmount());
});
