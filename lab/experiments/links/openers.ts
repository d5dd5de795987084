/** Everybody who opens a link: its owner, another user, nobody, whoever comes by a click on another site, the next user. */

import type { Page } from 'playwright-core';
import { mutate } from '../../harness/client.js';
import type { Factor } from '../../harness/observation.js';
import { heldAfter, nothingHeld, renew, signOut } from '../../harness/page-client.js';
import { COOKIE, type Person, type Site } from '../../harness/site.js';
import { enter, type Link, linksOf, type Opening, openByProgram, openOn, pageAddress } from './open.js';

export interface Scene {
  readonly site: Site;
  /** A page of the server's own origin in a new profile, whose addresses and Referers are written down. */
  newcomer(): Promise<Page>;
  note(metric: string, factors: Readonly<Record<string, Factor>>, value: Factor): void;
}

export interface People {
  readonly owner: Person;
  readonly other: Person;
}

/** Resolves to the credentials that programs were given; pages got theirs through the front. */
export async function openEverything(scene: Scene, people: People): Promise<readonly string[]> {
  const { site, newcomer } = scene;
  const { owner, other } = people;
  const owners = await newcomer();
  const { sessionId, accessToken } = await enter(site, owners, owner);
  const links = linksOf(site, owner, sessionId);
  const opening = { site, page: owners, opener: owner, mustRenew: accessToken !== null };
  await openAll(scene, links, 'its owner', opening);
  await clickElsewhere(scene, links, opening);
  await typeAddress(scene, links, owners);

  const others = await newcomer();
  await enter(site, others, other);
  await openAll(scene, links, 'another user', { ...opening, page: others, opener: other });
  await openAll(scene, links, 'nobody', { ...opening, page: await newcomer(), opener: null });

  const bearers = await openByPrograms(scene, links, people);
  // Last, because it ends the session that a link is about.
  await leave(site, owners);
  await enter(site, owners, other);
  await openAll(scene, links, 'the next user of the browser', { ...opening, opener: other });
  return bearers;
}

async function openAll(
  { note }: Scene,
  links: readonly Link[],
  opener: string,
  opening: Opening,
): Promise<void> {
  for (const link of links) {
    await opening.page.goto(pageAddress(opening.site, link));
    const { sees, requests } = await openOn(opening, link);
    note('sees', { link: link.name, opener, credential: 'cookie' }, sees);
    note('requests to open', { link: link.name, opener }, requests);
  }
}

/** A link to the app's page in a page of another site, as in mail that is read in a browser. */
async function clickElsewhere(
  { site, note }: Scene,
  links: readonly Link[],
  opening: Opening,
): Promise<void> {
  const { page } = opening;
  const { port } = new URL(site.origin);
  for (const link of links) {
    await page.goto(`https://mail.stranger.test:${port}/page`);
    const address = pageAddress(site, link);
    const [request] = await Promise.all([
      page.waitForRequest(address),
      page.evaluate(`{
        const link = document.createElement('a');
        link.href = ${JSON.stringify(address)};
        document.body.append(link);
        link.click();
      }`),
    ]);
    await page.waitForURL(address);
    const { cookie = '' } = await request.allHeaders();
    note('click carries the cookie', { link: link.name }, cookie.includes(COOKIE));
    const { sees } = await openOn(opening, link);
    note(
      'sees',
      { link: link.name, opener: 'its owner, by a click on another site', credential: 'cookie' },
      sees,
    );
  }
}

/** The address of the data itself, in the address bar: a browser sends no header of ours with it. */
async function typeAddress({ site, note }: Scene, links: readonly Link[], page: Page): Promise<void> {
  for (const link of links) {
    const answer = await page.goto(link.url);
    note('address typed', { link: link.name }, answer?.status() ?? 0);
  }
  await page.goto(`${site.origin}/page`);
}

/** By what the browser holds: where the cookie authenticates no request, by a fresh access token. */
async function leave(site: Site, page: Page): Promise<void> {
  const renewed = await renew(page, site.graphql, nothingHeld('cookie'));
  await signOut(page, site.graphql, heldAfter(renewed, 'refresh', nothingHeld('cookie')));
}

async function openByPrograms(
  { site, note }: Scene,
  links: readonly Link[],
  { owner, other }: People,
): Promise<string[]> {
  const issued: string[] = [];
  for (const [opener, person] of [
    ['its owner', owner],
    ['another user', other],
    ['nobody', null],
  ] as const) {
    const bearer = person === null ? null : await bearerOf(site, person, issued);
    for (const link of links) {
      const sees = await openByProgram(link, person, bearer);
      note('sees', { link: link.name, opener, credential: 'bearer' }, sees);
    }
  }
  return issued;
}

async function bearerOf({ server }: Site, { email, password }: Person, issued: string[]): Promise<string> {
  const { tokens } = await mutate(server.url, 'login', { email, password, delivery: 'BODY' });
  if (!tokens?.accessToken) throw new Error('login brought no bearer token');
  issued.push(...[tokens.accessToken, tokens.refreshToken].filter((token) => token !== null));
  return tokens.accessToken;
}
