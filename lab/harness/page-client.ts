/** What a page in the browser asks the server: the flows of a web app by `fetch`, and the credentials that it holds. */

import type { Page } from 'playwright-core';
import { fetchIn, type PageAnswer } from './browser.js';
import type { Payload, Tokens } from './client.js';
import type { Person } from './site.js';

export type Delivery = 'cookie' | 'bearer';

/** What a page's script remembers; the cookie is the browser's. */
export interface Held {
  readonly delivery: Delivery;
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
}

export function nothingHeld(delivery: Delivery): Held {
  return { delivery, accessToken: null, refreshToken: null };
}

export interface Asked {
  readonly answer: PageAnswer;
  readonly data: Readonly<Record<string, unknown>> | null;
  /** The code of the first error, or null. */
  readonly code: string | null;
}

const TOKENS = 'tokens { accessToken refreshToken }';
const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { __typename ... on LoginSuccess { session { id } ${TOKENS} } } }`;
const REFRESH = `mutation ($input: RefreshInput!) { refresh(input: $input) { __typename ... on RefreshSuccess { ${TOKENS} } } }`;

async function askIn(
  page: Page,
  url: string,
  { query, variables = {} }: { query: string; variables?: object },
  { delivery, bearer }: { delivery: Delivery; bearer: string | null },
): Promise<Asked> {
  const answer = await fetchIn(page, {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization(bearer) },
    body: JSON.stringify({ query, variables }),
    credentials: delivery === 'cookie' ? 'include' : 'omit',
  });
  return { answer, ...readGraphql(answer) };
}

export function signIn(
  page: Page,
  url: string,
  { email, password }: Person,
  delivery: Delivery,
): Promise<Asked> {
  const input = { email, password, delivery: delivery === 'cookie' ? 'COOKIE' : 'BODY' };
  return askIn(page, url, { query: LOGIN, variables: { input } }, { delivery, bearer: null });
}

/** By the refresh token where there is one, by the cookie where that is what one has, else by the bearer token itself. */
export function renew(
  page: Page,
  url: string,
  { delivery, accessToken, refreshToken }: Held,
): Promise<Asked> {
  const input = { refreshToken, idempotencyKey: crypto.randomUUID() };
  const bearer = delivery === 'cookie' || refreshToken !== null ? null : accessToken;
  return askIn(page, url, { query: REFRESH, variables: { input } }, { delivery, bearer });
}

/** An authenticated request: who the server takes this page's user for. */
export function whoAmI(page: Page, url: string, { delivery, accessToken }: Held): Promise<Asked> {
  return askIn(page, url, { query: '{ viewer { id } }' }, { delivery, bearer: accessToken });
}

export function signOut(page: Page, url: string, { delivery, accessToken }: Held): Promise<Asked> {
  const query = 'mutation { logout { __typename } }';
  return askIn(page, url, { query }, { delivery, bearer: accessToken });
}

/** What is left to a page after an answer: its tokens where it brought some, else what was held. */
export function heldAfter(asked: Asked, field: 'login' | 'refresh', held: Held): Held {
  const tokens = (asked.data?.[field] as Payload | undefined)?.tokens as Tokens | null | undefined;
  if (!tokens) return held;
  return { ...held, accessToken: tokens.accessToken, refreshToken: tokens.refreshToken };
}

export function authorization(bearer: string | null): Record<string, string> {
  return bearer === null ? {} : { authorization: `Bearer ${bearer}` };
}

/** Data and first code of an answer, whatever else it is. */
export function readGraphql(answer: PageAnswer): Pick<Asked, 'data' | 'code'> {
  if (answer.kind === 'threw') return { data: null, code: null };
  try {
    const { data = null, errors } = JSON.parse(answer.text);
    return { data, code: errors?.[0]?.extensions?.code ?? null };
  } catch {
    return { data: null, code: null };
  }
}
