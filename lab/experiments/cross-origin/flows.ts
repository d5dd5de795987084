/**
 * The flows of a web app on one page with one kind of credential: sign in, ask, renew, sign out; and for each what became
 * of it, from what the page saw, what the server was sent and what the browser kept.
 */

import type { BrowserContext, Page } from 'playwright-core';
import type { Passed } from '../../harness/front.js';
import type { Model, Observation } from '../../harness/observation.js';
import {
  type Asked,
  type Delivery,
  heldAfter,
  nothingHeld,
  renew,
  signIn,
  signOut,
  whoAmI,
} from '../../harness/page-client.js';
import { cookieIn, type Person, type Site } from '../../harness/site.js';
import type { Place } from './places.js';

export type Outcome =
  | 'works'
  | 'refused by the browser'
  | 'refused by the server'
  | 'cookie not sent'
  | 'cookie not kept';

interface Seen {
  readonly operation: string;
  readonly outcome: Outcome;
  /** Empty where it works. */
  readonly why: string;
}

interface Tried {
  readonly asked: Asked;
  readonly passed: readonly Passed[];
}

/** Two pages of one browser profile: one of the server's own origin, and one from the place in question. */
export interface Visit {
  readonly site: Site;
  readonly profile: BrowserContext;
  readonly own: Page;
  readonly page: Page;
  readonly place: Place;
}

export async function observeFlows(
  visit: Visit,
  person: Person,
  { delivery, model, round }: { delivery: Delivery; model: Model; round: number },
): Promise<Observation[]> {
  const { place } = visit;
  const seen = await flows(visit, person, delivery);
  const factors = { place: place.name, listed: place.listed, credential: delivery };
  return seen.flatMap(({ operation, outcome, why }) => [
    { metric: 'outcome', unit: '', model, factors: { ...factors, operation }, round, value: outcome },
    ...(why === ''
      ? []
      : [{ metric: 'why', unit: '', model, factors: { ...factors, operation }, round, value: why }]),
  ]);
}

async function flows(
  { site, profile, own, page }: Visit,
  person: Person,
  delivery: Delivery,
): Promise<Seen[]> {
  const url = site.graphql;
  await profile.clearCookies();
  const login = await trying(site, () => signIn(page, url, person, delivery));
  let held = heldAfter(login.asked, 'login', nothingHeld(delivery));
  const kept = delivery === 'bearer' || (await cookieIn(profile, site)) !== null;
  const signedIn = seenIn('sign in', login, payloadOf(login.asked, 'login') === 'LoginSuccess', kept);
  // So that the rest is not refused only for want of a credential: one from a page of the server's own origin.
  if (signedIn.outcome !== 'works') {
    const elsewhere = heldAfter(await signIn(own, url, person, delivery), 'login', held);
    if (held.accessToken === null) held = elsewhere;
  }
  const asked = await trying(site, () => whoAmI(page, url, held));
  const viewer = asked.asked.data?.['viewer'] as { id: string } | null | undefined;
  const renewed = await trying(site, () => renew(page, url, held));
  held = heldAfter(renewed.asked, 'refresh', held);
  const left = await trying(site, () => signOut(page, url, held));
  return [
    signedIn,
    seenIn('authenticated request', asked, viewer?.id === person.id),
    seenIn('renewal', renewed, payloadOf(renewed.asked, 'refresh') === 'RefreshSuccess'),
    seenIn('sign out', left, payloadOf(left.asked, 'logout') === 'LogoutSuccess'),
  ];
}

async function trying({ front }: Site, act: () => Promise<Asked>): Promise<Tried> {
  const before = front.passed.length;
  const asked = await act();
  await front.settled();
  return { asked, passed: front.passed.slice(before) };
}

function payloadOf({ data }: Asked, field: string): string | undefined {
  return (data?.[field] as { __typename: string } | null | undefined)?.__typename;
}

function seenIn(operation: string, { asked, passed }: Tried, good: boolean, kept = true): Seen {
  if (good && kept) return { operation, outcome: 'works', why: '' };
  if (good)
    return {
      operation,
      outcome: 'cookie not kept',
      why: 'the browser did not keep the cookie of the answer',
    };
  const sent = passed.find(({ method }) => method !== 'OPTIONS');
  const preflight = passed.find(({ method }) => method === 'OPTIONS');
  if (asked.answer.kind === 'threw')
    return { operation, outcome: 'refused by the browser', why: whyBlocked(sent, preflight) };
  const bare = sent?.cookie === null && sent.authorization === null;
  const words = [asked.answer.status, asked.code ?? typesOf(asked)];
  return { operation, outcome: bare ? 'cookie not sent' : 'refused by the server', why: words.join(' ') };
}

function whyBlocked(sent: Passed | undefined, preflight: Passed | undefined): string {
  if (sent !== undefined) return `sent, but its answer (${sent.status}) was kept from the page`;
  if (preflight === undefined) return 'nothing was sent';
  return `the preflight was answered ${preflight.status} without permission; the request itself was never sent`;
}

function typesOf({ data }: Asked): string {
  const payloads = Object.values(data ?? {}) as ({ __typename?: string } | null)[];
  return payloads.map((payload) => payload?.__typename ?? 'null').join();
}
