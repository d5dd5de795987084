/**
 * Rendering on a server, of one host with the API: `/graphql` goes to Counterfoil, everything else to the server that
 * renders.
 *
 * `renderPage` is the rule: it draws what everybody may see, and the browser finds out the rest. It cannot know better,
 * since the refresh cookie is `SameSite=Strict`: whoever follows a link from another site comes without it, signed in or
 * not. The other two are for pages that must have the user's data in them.
 */

import type { SessionClient } from 'counterfoil/client';
import { renderToString } from 'react-dom/server';
import { ask } from './fetch.js';
import { Page } from './react.js';

const REFRESH =
  'mutation Refresh { refresh(input: {}) { __typename ... on RefreshSuccess { tokens { accessToken } } } }';

/** What a browser sent with its request for a page. */
export interface Visit {
  readonly cookie: string | null;
  readonly userAgent: string;
  readonly address: string;
}

/** For every page that runs the client in the browser. `client`: one that is never asked anything; it sends nothing. */
export function renderPage(client: SessionClient): string {
  return renderToString(<Page client={client} />);
}

/** `COUNTERFOIL_MODEL=stateful` only, where the cookie is good for every query: it is passed on, and nothing changes. */
export function queryAs<Data>(visit: Visit, url: string, query: string, send = fetch): Promise<Data> {
  return ask<Data>((input, init) => send(input, passedOn(visit, init)), url, query);
}

/**
 * For pages without the client alone: beside it the server would take one of the two for a thief, since neither knows the
 * other's idempotency key. Two visits at once are no harm. `setCookie` must reach the browser, with
 * `cache-control: private, no-store`.
 */
export async function refreshedAs(visit: Visit, url: string, send = fetch) {
  let setCookie: readonly string[] = [];
  const sending: typeof fetch = async (input, init) => {
    const response = await send(input, passedOn(visit, init));
    setCookie = response.headers.getSetCookie();
    return response;
  };
  const { refresh } = await ask<{ refresh: { tokens?: { accessToken: string } } }>(sending, url, REFRESH);
  return { accessToken: refresh.tokens?.accessToken ?? null, setCookie };
}

/** The user's address is believed where `COUNTERFOIL_TRUSTED_PROXIES` names this server. */
function passedOn({ cookie, userAgent, address }: Visit, init: RequestInit = {}): RequestInit {
  const headers = new Headers(init.headers);
  if (cookie !== null) headers.set('cookie', cookie);
  headers.set('user-agent', userAgent);
  headers.set('x-forwarded-for', address);
  return { ...init, headers };
}
