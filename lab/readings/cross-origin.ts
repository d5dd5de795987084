/** Cookies and CORS: from which pages the cookie works, from which only a token, and what hostile pages got. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Comparison, Reading, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { listed, NOT_MEASURED } from './amounts.js';
import {
  attacksFrom,
  attacksOf,
  attackTable,
  throughOf,
  trustedMay,
  trustTable,
} from './cross-origin-attacks.js';
import {
  flowTable,
  isLetDown,
  OTHER_PLACES,
  reasonsUnlisted,
  refusedUnlisted,
  workingSteps,
  works,
} from './cross-origin-flows.js';

export const reading: Reading = {
  experiment: 'cross-origin',
  claim:
    'Once an API is called from several domains, cookies get in the way: cross-origin rules refuse the requests of pages that would be served with a token.',
  method:
    'Real Chromium, the real server behind TLS at one name, and pages at its own origin, at another port, at a sibling subdomain and at a foreign site, each with its origin on `COUNTERFOIL_ALLOWED_ORIGINS` and without. Each page signs in, sends an authenticated request, renews and signs out, once by `__Host-` cookie and once by bearer token; where it could not sign in, it goes on with a credential from a page of the server’s own. Then the pages that are not listed attack a visitor who is signed in by cookie: by forms, links, images, frames, scripts and `fetch`, to sign the visitor out, to sign them in as the attacker, to read their data. An attack got through if the visitor’s cookie or session changed, or if the server did with the cookie what was asked, whether or not the page could see it.',
  read: (results) => ({
    verdict: verdictOf(results),
    because: because(results),
    tables: [flowTable(results), attackTable(results), trustTable(results)],
    figures: [],
    comparison: comparison(results),
    choose: choose(results),
    limits:
      'One browser, with its defaults; others differ in what they do with third-party cookies, not with `SameSite=Strict`. Script injected into a page of a listed origin is no attack across origins and was not tried: it may do what that page may. Native apps know no CORS and are not in the tables.',
  }),
};

/** Places where the cookie works in every model as the token does, and where the token works and the cookie does not. */
function divided(results: Results): { both: string[]; tokenOnly: string[] } {
  const where = (fits: (cookie: boolean | null, bearer: boolean | null) => boolean) =>
    OTHER_PLACES.filter((place) =>
      MODELS.every((model) => {
        const flow = { place, listed: true, model };
        return fits(
          works(results, { ...flow, credential: 'cookie' }),
          works(results, { ...flow, credential: 'bearer' }),
        );
      }),
    );
  return {
    both: where((cookie, bearer) => cookie === true && bearer === true),
    tokenOnly: where((cookie, bearer) => cookie === false && bearer === true),
  };
}

/** Holds where the cookie is in the way at every other place, fails where it is at none, and else depends on the place. */
function verdictOf(results: Results): Verdict {
  const unknown = OTHER_PLACES.some((place) =>
    MODELS.some((model) =>
      (['cookie', 'bearer'] as const).some(
        (credential) => works(results, { place, listed: true, credential, model }) === null,
      ),
    ),
  );
  if (unknown || attacksOf(results).tried === 0) return 'not measured';
  const { both, tokenOnly } = divided(results);
  if (both.length === OTHER_PLACES.length) return 'fails';
  return tokenOnly.length === OTHER_PLACES.length ? 'holds' : 'depends';
}

function because(results: Results): string {
  if (verdictOf(results) === 'not measured') return 'Not every flow and attack was measured.';
  const { both, tokenOnly } = divided(results);
  const alike = refusedUnlisted(results, 'cookie') === refusedUnlisted(results, 'bearer');
  return [
    both.length === 0
      ? 'Nowhere but on the server’s own origin does everything work by cookie in every model.'
      : `With its origin listed, a page on ${any(both)} can do everything by cookie in every model, as it can by token.`,
    ...(tokenOnly.length === 0
      ? []
      : [`On ${any(tokenOnly)} everything works by token, and in no model everything by cookie.`]),
    `Without the listing ${alike ? 'a token fares no better than a cookie' : 'the two fare differently'}: refused were ${refusedUnlisted(results, 'cookie')} steps by cookie and ${refusedUnlisted(results, 'bearer')} by token. Of the attacks by pages that are not listed, ${throughOf(attacksOf(results))} got through.`,
  ].join(' ');
}

function comparison(results: Results): Comparison[] {
  const row = (measured: string, cell: (model: Model) => string) => ({
    measured,
    cells: { stateful: cell('stateful'), stateless: cell('stateless'), hybrid: cell('hybrid') },
  });
  const foreign = { place: 'foreign site', listed: true };
  return [
    row('steps that work from a listed foreign site, by cookie', (model) =>
      workingSteps(results, { ...foreign, credential: 'cookie', model }),
    ),
    row('attacks by pages that are not listed, that got through', (model) =>
      throughOf(attacksOf(results, model)),
    ),
  ];
}

function choose(results: Results): string {
  const { both, tokenOnly } = divided(results);
  const letDown = MODELS.filter((model) =>
    isLetDown(results, { place: 'foreign site', listed: true, credential: 'cookie', model }),
  );
  const readsNothing = MODELS.filter((model) => {
    const may = trustedMay(results, model, 'same origin', false);
    return may !== NOT_MEASURED && !may.includes('read');
  });
  const sibling = attacksFrom(results, 'sibling subdomain');
  const reasons = reasonsUnlisted(results);
  return [
    both.length === 0
      ? ''
      : `From ${any(both)}: take the cookie, and list the origin, port included. It is the same in every model, since the browser knows no models.`,
    tokenOnly.length === 0
      ? ''
      : `From ${any(tokenOnly)}: take bearer delivery, and list the origin as well; \`SameSite=Strict\` keeps the cookie from pages of other sites, and that is what it is for.`,
    reasons.length === 0
      ? ''
      : `CORS asks where a page comes from and not what it carries: whoever is not listed learns it before the request (${reasons.join('; ')}).`,
    sibling.carried === 0
      ? ''
      : `\`SameSite\` looks at sites, not origins: of the attacks from a sibling subdomain ${sibling.carried} of ${sibling.tried} carried the cookie. There the server itself must refuse, and it ${sibling.through === 0 ? 'did' : 'did not always'}.`,
    'A listing is trust: the last table says what script of a listed page can do to its visitors. List only what you would host yourself.',
    letDown.length === 0
      ? ''
      : `Where ${listed(letDown)} loses: by cookie from a foreign site a page can sign in and ask, and only when its access token runs out does it find that it cannot renew.${letDown.length < MODELS.length ? ' The others refuse it at once, which is sooner understood.' : ''}`,
    readsNothing.length === 0
      ? ''
      : `In ${listed(readsNothing)} the cookie alone reads nothing: a page must renew before its first request, and its script then holds a token that a script injected there could take away.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function any(places: readonly string[]): string {
  const withArticles = places.map((place) => (place === 'other port' ? 'another port' : `a ${place}`));
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(withArticles);
}
