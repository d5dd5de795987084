/** Links stay shareable: who sees what at one address, and whether a credential was ever in one. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Reading, Table, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { listed, NOT_MEASURED } from './amounts.js';
import { acceptedInAddresses, found, planted, searchTable } from './links-search.js';

const PUBLIC = 'about the server';
const OWN = 'about whoever opens it';
const NAMED = 'about one session of its owner';
const LINKS = [PUBLIC, OWN, NAMED];

const OPENERS: readonly { opener: string; credential: string }[] = [
  { opener: 'its owner', credential: 'cookie' },
  { opener: 'its owner, by a click on another site', credential: 'cookie' },
  { opener: 'another user', credential: 'cookie' },
  { opener: 'the next user of the browser', credential: 'cookie' },
  { opener: 'nobody', credential: 'cookie' },
  { opener: 'its owner', credential: 'bearer' },
  { opener: 'another user', credential: 'bearer' },
  { opener: 'nobody', credential: 'bearer' },
];

const EVERYBODY = 'the same as everybody';
const THEIRS = 'their own data';
const SIGN_IN = 'the sign-in answer';
const NOTHING = 'nothing there';
const OWNER = 'its owner';

export const reading: Reading = {
  experiment: 'links',
  claim:
    'Links can be shared only where the server keeps no session: where it does, what an address shows depends on whose session it was.',
  method:
    'Three GraphQL queries by GET, `/graphql?query=…&variables=…`: one about the server, one about whoever opens it, and one about a session of its owner, by id. Each is opened by its owner, by another user and by nobody: by cookie in Chromium, from a page whose address says what to show, and by bearer token from a program; also by a click on a page of another site, and by the next user of the same browser. Every address that the browser asked for or that reached the server, every `Referer` and `Location`, and every line of the server’s log at `debug` is then searched for every credential that was issued. Last, credentials are put into addresses on purpose: none may be accepted, and the search must find them.',
  read: (results) => ({
    verdict: verdictOf(results),
    because: because(results),
    tables: [seenTable(results), searchTable(results)],
    figures: [],
    comparison: [
      {
        measured: 'requests to open a link in a browser, signed in',
        cells: {
          stateful: requests(results, 'stateful'),
          stateless: requests(results, 'stateless'),
          hybrid: requests(results, 'hybrid'),
        },
      },
    ],
    choose: choose(results),
    limits:
      'Shown is this API, in which an address names all of what it asks for. A server that keeps in the session what its user looks at makes links that cannot be shared, and could do so with a token as well, by keeping it under the user’s id: that is a matter of where such state is put, and no experiment with this server can show it.',
  }),
};

function seen(results: Results, model: Model, link: string, by: (typeof OPENERS)[number]): string | null {
  return results.word({ metric: 'sees', model, factors: { link, ...by } });
}

type Kind = 'right' | 'empty' | 'wrong' | 'unknown';

/** Wrong is what shows somebody something that is not for them, or keeps from them what is; empty is no record to show. */
function kindOf(link: string, opener: string, sees: string | null): Kind {
  if (sees === null) return 'unknown';
  if (link === PUBLIC) return sees === EVERYBODY ? 'right' : 'wrong';
  if (opener === 'nobody') return sees === SIGN_IN ? 'right' : 'wrong';
  if (link === OWN || (opener.startsWith(OWNER) && sees !== NOTHING))
    return sees === THEIRS ? 'right' : 'wrong';
  if (sees !== NOTHING) return 'wrong';
  return opener.startsWith(OWNER) ? 'empty' : 'right';
}

function openings(results: Results, model: Model, kind: Kind | null = null): number {
  const kinds = LINKS.flatMap((link) =>
    OPENERS.map((by) => kindOf(link, by.opener, seen(results, model, link, by))),
  );
  return kinds.filter((one) => kind === null || one === kind).length;
}

function isShareable(results: Results, model: Model): boolean {
  return openings(results, model, 'right') === openings(results, model) && found(results, model) === 0;
}

/** Fails where links can be shared although the server keeps sessions; holds where they can only because it keeps none. */
function verdictOf(results: Results): Verdict {
  const known = MODELS.every(
    (model) =>
      openings(results, model, 'unknown') === 0 &&
      found(results, model) !== null &&
      // A search that does not find what was put there has found nothing out.
      planted(results, model) > 0,
  );
  if (!known) return 'not measured';
  const withSessions = (['stateful', 'hybrid'] as const).filter((model) => isShareable(results, model));
  if (withSessions.length === 2) return 'fails';
  return withSessions.length === 0 && isShareable(results, 'stateless') ? 'holds' : 'depends';
}

function because(results: Results): string {
  if (verdictOf(results) === 'not measured')
    return 'Not every opening was measured, or the search did not find what had been put there.';
  const total = (kind: Kind | null) => MODELS.reduce((sum, model) => sum + openings(results, model, kind), 0);
  const leaks = MODELS.reduce((sum, model) => sum + (found(results, model) ?? 0), 0);
  const empty = MODELS.filter((model) => openings(results, model, 'empty') > 0);
  return [
    `Of ${total(null)} openings, ${total('wrong')} showed somebody what is not for them or kept from them what is.`,
    empty.length === 0
      ? ''
      : `${total('empty')} came up empty for the owner, in ${listed(empty)}, where there is no record to show.`,
    `${leaks} addresses, referrers and lines of log held a credential. Where credentials were put into addresses on purpose, the search found ${planted(results)} of them, and ${acceptedInAddresses(results)} opened something.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function requests(results: Results, model: Model): string {
  return (
    results.word({ metric: 'requests to open', model, factors: { opener: 'its owner' } }) ?? NOT_MEASURED
  );
}

function seenTable(results: Results): Table {
  return {
    caption: 'One address, and what each of them sees',
    head: ['link', 'opened by', 'with', ...MODELS],
    rows: LINKS.flatMap((link) =>
      OPENERS.map((by) => [
        link,
        by.opener,
        by.opener === 'nobody'
          ? `nothing, ${by.credential === 'cookie' ? 'in a browser' : 'from a program'}`
          : by.credential === 'cookie'
            ? 'cookie'
            : 'bearer token',
        ...MODELS.map((model) => seen(results, model, link, by) ?? NOT_MEASURED),
      ]),
    ),
  };
}

function choose(results: Results): string {
  const more = MODELS.filter((model) => Number(requests(results, model)) > 1);
  const unheld = MODELS.filter(
    (model) => seen(results, model, NAMED, { opener: 'its owner', credential: 'cookie' }) === NOTHING,
  );
  const clicks = results.word({ metric: 'click carries the cookie' });
  const typed = results.word({ metric: 'address typed' });
  return [
    verdictOf(results) === 'fails'
      ? 'Choose the model for other reasons. What makes a link shareable is that its address says what it shows, and that the credential says only who is looking.'
      : '',
    more.length === 0
      ? ''
      : `Where ${listed(more)} loses: a page that has just been opened holds no access token, so it takes ${listed([...new Set(more.map((model) => requests(results, model)))])} requests to show anything, a renewal first; the others take ${listed([...new Set(MODELS.filter((model) => !more.includes(model)).map((model) => requests(results, model)))])}.`,
    unheld.length === 0
      ? ''
      : `In ${listed(unheld)} a link about a session finds nothing even for its owner: the server has no record of it.`,
    clicks === 'false'
      ? 'A click on another site arrives without the cookie, in every model (`SameSite=Strict`); the page that it opens then asks with it. So pages that the server renders for a signed-in user would greet them as a stranger, and pages that fetch do not.'
      : '',
    typed === '400'
      ? 'The address of the data itself, typed into the address bar, is refused in every model (400), since a browser sends no header with it that another site’s page could not: share the address of the page.'
      : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}
