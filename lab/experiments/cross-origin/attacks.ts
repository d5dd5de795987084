/**
 * What a hostile page tries on somebody who is signed in by cookie in the same browser: to sign them out, to sign them in
 * as the attacker, to read their data. Everything that a page can send without asking first, and what it must ask for.
 */

import { whoIs } from '../../harness/client.js';
import type { Passed } from '../../harness/front.js';
import type { Model, Observation } from '../../harness/observation.js';
import { heldAfter, nothingHeld, signIn } from '../../harness/page-client.js';
import { cookieIn, type Person } from '../../harness/site.js';
import type { Visit } from './flows.js';
import type { Attack } from './vectors.js';

function documentOf(aim: Attack['aim'], { email, password }: Person): string {
  if (aim === 'sign out') return 'mutation { logout { __typename } }';
  if (aim === 'renew') return 'mutation { refresh(input: {}) { __typename } }';
  if (aim === 'read') return '{ viewer { id email } }';
  const input = `{email: ${JSON.stringify(email)}, password: ${JSON.stringify(password)}, delivery: COOKIE}`;
  return `mutation { login(input: ${input}) { __typename } }`;
}

export interface Cast {
  readonly victim: Person;
  readonly attacker: Person;
}

/**
 * One victim, one hostile page, every attack in turn. Two observations each: how it ended, and whether it got through: the
 * victim's cookie was changed or their session ended, or the server did with their cookie what was asked.
 */
export async function observeAttacks(
  visit: Visit,
  { victim, attacker }: Cast,
  { attacks, model, round }: { attacks: readonly Attack[]; model: Model; round: number },
): Promise<Observation[]> {
  const { site, profile, page, place } = visit;
  const observations: Observation[] = [];
  const hostile = page.url();
  let accessToken = await enter(visit, victim);
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
    const through = changed || ended || passed.some((one) => one.cookie !== null && wasExecuted(one));
    const factors = { place: place.name, listed: place.listed, vector, aim };
    if (through) accessToken = await enter(visit, victim);
    observations.push(
      { metric: 'attack ended', unit: '', model, factors, round, value: barrierOf(passed) },
      { metric: 'got through', unit: '', model, factors, round, value: through ? 1 : 0 },
    );
  }
  return observations;
}

/** The victim signs in on a page of the server's own. Resolves to what the page was given beside the cookie. */
async function enter({ site, profile, own }: Visit, victim: Person): Promise<string | null> {
  await profile.clearCookies();
  const login = await signIn(own, site.graphql, victim, 'cookie');
  return heldAfter(login, 'login', nothingHeld('cookie')).accessToken;
}

/** Whether the server did anything that was asked for, whether or not the page may see it. */
function wasExecuted({ body }: Passed): boolean {
  try {
    const { data } = JSON.parse(body) as { data?: Record<string, { __typename?: string } | null> | null };
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
