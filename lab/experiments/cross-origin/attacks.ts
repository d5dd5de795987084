/**
 * What a hostile page tries on somebody who is signed in by cookie in the same browser: to sign them out, to sign them in
 * as the attacker, to read their data. Everything that a page can send without asking first, and what it must ask for.
 */

import type { Page } from 'playwright-core';
import { fetchIn } from '../../harness/browser.js';
import { whoIs } from '../../harness/client.js';
import type { Mode } from '../../harness/experiment.js';
import type { Passed } from '../../harness/front.js';
import type { Model, Observation } from '../../harness/observation.js';
import { heldAfter, nothingHeld, signIn } from '../../harness/page-client.js';
import { cookieIn, type Person } from '../../harness/site.js';
import type { Visit } from './flows.js';

export interface Attack {
  readonly vector: string;
  readonly aim: 'sign out' | 'sign in as the attacker' | 'read';
  run(page: Page, url: string, document: string): Promise<unknown>;
}

type Run = Attack['run'];

const form =
  (enctype: string): Run =>
  (page, url, query) => {
    // As text/plain, the one field's name, the sign between and its value together make a body that is JSON.
    const [name, value] =
      enctype === 'text/plain' ? [JSON.stringify({ query, x: '' }).slice(0, -2), '"}'] : ['query', query];
    return leave(
      page,
      `const form = document.createElement('form');
       Object.assign(form, { method: 'POST', action: ${JSON.stringify(url)}, enctype: '${enctype}' });
       const field = Object.assign(document.createElement('input'), { type: 'hidden' });
       field.name = ${JSON.stringify(name)};
       field.value = ${JSON.stringify(value)};
       form.append(field);
       document.body.append(form);
       form.submit();`,
    );
  };

const element =
  (tag: string): Run =>
  (page, url, query) =>
    page.evaluate(`new Promise((resolve) => {
      const made = document.createElement('${tag}');
      made.onload = made.onerror = () => resolve(true);
      made.src = ${JSON.stringify(getUrl(url, query))};
      document.body.append(made);
    })`);

const link: Run = (page, url, query) =>
  leave(
    page,
    `const link = document.createElement('a');
     link.href = ${JSON.stringify(getUrl(url, query))};
     document.body.append(link);
     link.click();`,
  );

const post =
  (contentType: string, mode: 'cors' | 'no-cors'): Run =>
  (page, url, query) =>
    fetchIn(page, {
      url,
      method: 'POST',
      mode,
      credentials: 'include',
      headers: { 'content-type': contentType },
      body: JSON.stringify({ query }),
    });

const get =
  (headers: Readonly<Record<string, string>>): Run =>
  (page, url, query) =>
    fetchIn(page, { url: getUrl(url, query), headers, credentials: 'include' });

const WRITING: readonly [string, Run][] = [
  ['form POST, text/plain', form('text/plain')],
  ['form POST, urlencoded', form('application/x-www-form-urlencoded')],
  ['form POST, multipart', form('multipart/form-data')],
  ['fetch no-cors, text/plain', post('text/plain', 'no-cors')],
  ['fetch, JSON', post('application/json', 'cors')],
  ['link, GET', link],
  ['image, GET', element('img')],
];

const READING: readonly [string, Run][] = [
  ['fetch, JSON', post('application/json', 'cors')],
  ['fetch, GET', get({})],
  ['fetch, GET with preflight', get({ 'apollo-require-preflight': '1' })],
  ['link, GET', link],
  ['frame, GET', element('iframe')],
  ['script, GET', element('script')],
  ['image, GET', element('img')],
];

const ATTACKS: readonly Attack[] = [
  ...WRITING.flatMap(([vector, run]) => [
    { vector, aim: 'sign in as the attacker' as const, run },
    { vector, aim: 'sign out' as const, run },
  ]),
  ...READING.map(([vector, run]) => ({ vector, aim: 'read' as const, run })),
];

/** In quick mode each kind of request once. */
export function attacksFor(mode: Mode): readonly Attack[] {
  if (mode === 'full') return ATTACKS;
  return ATTACKS.filter(
    ({ vector }, index) => ATTACKS.findIndex((attack) => attack.vector === vector) === index,
  );
}

/** What is done by script on a page of the server's own origin, and must be noticed: else the rest shows nothing. */
export const CONTROLS: readonly Attack[] = [
  { vector: 'control', aim: 'read', run: post('application/json', 'cors') },
  { vector: 'control', aim: 'sign in as the attacker', run: post('application/json', 'cors') },
  { vector: 'control', aim: 'sign out', run: post('application/json', 'cors') },
];

function getUrl(url: string, query: string): string {
  return `${url}?query=${encodeURIComponent(query)}`;
}

async function leave(page: Page, script: string): Promise<void> {
  await Promise.all([page.waitForEvent('framenavigated'), page.evaluate(`{ ${script} }`)]);
}

function documentOf(aim: Attack['aim'], { email, password }: Person): string {
  if (aim === 'sign out') return 'mutation { logout { __typename } }';
  if (aim === 'read') return '{ viewer { id email } }';
  const input = `{email: ${JSON.stringify(email)}, password: ${JSON.stringify(password)}, delivery: COOKIE}`;
  return `mutation { login(input: ${input}) { __typename } }`;
}

export interface Cast {
  readonly victim: Person;
  readonly attacker: Person;
}

/** One victim, one hostile page, every attack in turn. Two observations each: how it ended, and whether it got through. */
export async function observeAttacks(
  { site, profile, own, page, place }: Visit,
  { victim, attacker }: Cast,
  { attacks, model, round }: { attacks: readonly Attack[]; model: Model; round: number },
): Promise<Observation[]> {
  const observations: Observation[] = [];
  await profile.clearCookies();
  const login = await signIn(own, site.graphql, victim, 'cookie');
  const { accessToken } = heldAfter(login, 'login', nothingHeld('cookie'));
  const hostile = page.url();
  for (const { vector, aim, run } of attacks) {
    if (page.url() !== hostile) await page.goto(hostile);
    const before = { cookie: await cookieIn(profile, site), passed: site.front.passed.length };
    if (before.cookie === null) throw new Error('the victim has no cookie to attack');
    await run(page, site.graphql, documentOf(aim, attacker));
    await site.front.settled();
    const passed = site.front.passed.slice(before.passed);
    const changed = (await cookieIn(profile, site)) !== before.cookie;
    const credential = accessToken === null ? { cookie: before.cookie } : { bearer: accessToken };
    const ended = (await whoIs(site.server.url, credential)) !== victim.id;
    const through = changed || ended || passed.some(wasExecuted);
    const factors = { place: place.name, vector, aim };
    observations.push(
      { metric: 'attack ended', unit: '', model, factors, round, value: barrierOf(passed) },
      { metric: 'got through', unit: '', model, factors, round, value: through ? 1 : 0 },
    );
  }
  return observations;
}

/** Whether the server did anything that was asked for, whether or not the page may see it. */
function wasExecuted({ body }: Passed): boolean {
  try {
    const { data } = JSON.parse(body);
    return Object.values(data ?? {}).some((value) => value !== null);
  } catch {
    return false;
  }
}

function barrierOf(passed: readonly Passed[]): string {
  const sent = passed.find(({ method }) => method !== 'OPTIONS');
  if (sent === undefined) return passed.length === 0 ? 'nothing was sent' : 'preflight refused, nothing sent';
  return `${sent.cookie === null ? 'without' : 'with'} the cookie: ${sent.status}`;
}
