/**
 * The ways in which a page can send a request without asking first (a form, a link, an element, a simple `fetch`), those
 * for which a browser asks the server first, and what an attack wants of them.
 */

import type { Page } from 'playwright-core';
import { fetchIn } from '../../harness/browser.js';
import type { Mode } from '../../harness/experiment.js';

export interface Attack {
  readonly vector: string;
  readonly aim: 'sign out' | 'sign in as the attacker' | 'renew' | 'read';
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

/**
 * By script on a page that may ask: one of the server's own origin, where all of it must be noticed, or else the rest shows
 * nothing; and one of a listed origin, to see what it means to list one.
 */
export const BY_TRUSTED_SCRIPT: readonly Attack[] = (
  ['read', 'renew', 'sign in as the attacker', 'sign out'] as const
).map((aim) => ({ vector: 'fetch, JSON', aim, run: post('application/json', 'cors') }));

function getUrl(url: string, query: string): string {
  return `${url}?query=${encodeURIComponent(query)}`;
}

async function leave(page: Page, script: string): Promise<void> {
  await Promise.all([page.waitForEvent('framenavigated'), page.evaluate(`{ ${script} }`)]);
}
