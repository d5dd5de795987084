/** Opening one and the same address: by whom, with which credential, and whose data came of it. */

import type { Page } from 'playwright-core';
import { fetchIn } from '../../harness/browser.js';
import {
  authorization,
  heldAfter,
  nothingHeld,
  readGraphql,
  renew,
  signIn,
} from '../../harness/page-client.js';
import type { Person, Site } from '../../harness/site.js';
import { sendThrough } from '../../harness/through-front.js';

/** What Apollo asks of a GET, since a page of another site cannot send it without asking first. */
export const ASKS_FIRST = { 'apollo-require-preflight': '1' };

export interface Link {
  readonly name: 'about the server' | 'about whoever opens it' | 'about one session of its owner';
  /** A GraphQL query by GET. */
  readonly url: string;
  readonly owner: Person;
}

export function linksOf({ graphql }: Site, owner: Person, sessionId: string): Link[] {
  const named = 'query ($id: ID!) { session(id: $id) { id deviceName } }';
  return [
    { name: 'about the server', owner, url: getUrl(graphql, '{ serverInfo { sessionModel issuer } }') },
    { name: 'about whoever opens it', owner, url: getUrl(graphql, '{ viewer { id email } }') },
    { name: 'about one session of its owner', owner, url: getUrl(graphql, named, { id: sessionId }) },
  ];
}

function getUrl(graphql: string, query: string, variables: object = {}): string {
  return `${graphql}?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`;
}

/** What nobody may ever see. */
const OTHERS_DATA = "another user's data";

export interface Opened {
  readonly sees: string;
  /** How many requests it took from an open page to the data. */
  readonly requests: number;
}

export interface Opening {
  readonly site: Site;
  readonly page: Page;
  /** Null for nobody. */
  readonly opener: Person | null;
  /** Whether a page must turn its cookie into an access token before it can ask. */
  readonly mustRenew: boolean;
}

/** The address of the app's page, in which a link to data is shared among people. */
export function pageAddress({ origin }: Site, { name }: Link): string {
  return `${origin}/page?show=${encodeURIComponent(name)}`;
}

/**
 * What the app's page does when it has been loaded, and so knows nothing but what its browser holds: the data by GET, after
 * a renewal where the model asks for one.
 */
export async function openOn({ site, page, opener, mustRenew }: Opening, link: Link): Promise<Opened> {
  const renewed = opener !== null && mustRenew;
  const held = renewed
    ? heldAfter(await renew(page, site.graphql, nothingHeld('cookie')), 'refresh', nothingHeld('cookie'))
    : nothingHeld('cookie');
  const answer = await fetchIn(page, {
    url: link.url,
    headers: { ...ASKS_FIRST, ...authorization(held.accessToken) },
    credentials: 'include',
  });
  return { sees: whoseData(readGraphql(answer), opener, link), requests: renewed ? 2 : 1 };
}

export async function openByProgram(
  link: Link,
  opener: Person | null,
  bearer: string | null,
): Promise<string> {
  const headers = { ...ASKS_FIRST, ...authorization(bearer) };
  return whoseData(readGraphql(await sendThrough({ url: link.url, headers })), opener, link);
}

/** Signs in by cookie on a page of the server's own origin. */
export async function enter(
  site: Site,
  page: Page,
  person: Person,
): Promise<{ sessionId: string; accessToken: string | null }> {
  const asked = await signIn(page, site.graphql, person, 'cookie');
  const { session } = (asked.data?.['login'] ?? {}) as { session?: { id: string } };
  if (session === undefined) throw new Error(`login: ${asked.code}`);
  const { accessToken } = heldAfter(asked, 'login', nothingHeld('cookie'));
  return { sessionId: session.id, accessToken };
}

function whoseData(
  { data, code }: ReturnType<typeof readGraphql>,
  opener: Person | null,
  { owner }: Link,
): string {
  if (code === 'UNAUTHENTICATED') return 'the sign-in answer';
  if (code !== null || data === null) return `refused: ${code ?? 'no answer'}`;
  if (data['serverInfo']) return 'the same as everybody';
  const viewer = data['viewer'] as { id: string } | null | undefined;
  const whose = viewer?.id ?? (data['session'] ? owner.id : null);
  if (whose === null) return 'nothing there';
  return whose === opener?.id ? 'their own data' : OTHERS_DATA;
}
