/** The verdicts of the three experiments in a browser follow from what was seen: other observations give other verdicts. */

import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../lab/harness/certificate.js';
import { type Factor, MODELS, type Model, type Observation } from '../../../lab/harness/observation.js';
import { reading as crossOrigin } from '../../../lab/readings/cross-origin.js';
import { reading as links } from '../../../lab/readings/links.js';
import { reading as signingOut } from '../../../lab/readings/signing-out.js';
import { type Factors, resultsOf, seen } from './sample.js';

/** Every combination of the values of some factors. */
function combine(levels: Readonly<Record<string, readonly Factor[]>>): Factors[] {
  return Object.entries(levels).reduce<Factors[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

const SITES = ['other port', 'sibling subdomain', 'foreign site'];

/** A cross-origin run in which cookies work from these listed places, tokens from all, and this many attacks succeed. */
function crossOriginRun({ cookieFrom = [], through = 0, noticed = 1 }: Partial<Run> = {}): Observation[] {
  const flows = combine({
    place: SITES,
    listed: [true, false],
    credential: ['cookie', 'bearer'],
    operation: ['sign in', 'authenticated request', 'renewal', 'sign out'],
  });
  const trusted = ['read', 'renew', 'sign in as the attacker', 'sign out'];
  return MODELS.flatMap((model) => [
    ...flows.map((factors) => {
      const works =
        factors['listed'] &&
        (factors['credential'] === 'bearer' || cookieFrom.includes(String(factors['place'])));
      return seen('outcome', model, factors, works ? 'works' : 'cookie not sent');
    }),
    ...SITES.map((place) =>
      seen('got through', model, { place, listed: false, vector: 'link', aim: 'read' }, through),
    ),
    ...trusted.map((aim) =>
      seen('got through', model, { place: 'same origin', listed: false, vector: 'fetch', aim }, noticed),
    ),
  ]);
}

interface Run {
  readonly cookieFrom: readonly string[];
  readonly through: number;
  readonly noticed: number;
}

const crossOriginOf = (run: Partial<Run>) => crossOrigin.read(resultsOf(crossOriginRun(run)));

describe('the reading of cookies across origins', () => {
  it.each([
    ['fails where cookies work from every place that is listed', SITES, 'fails'],
    ['holds where they work from none', [], 'holds'],
    ['depends where they work from some', ['other port'], 'depends'],
  ])('%s', (_name, cookieFrom, verdict) => {
    expect(crossOriginOf({ cookieFrom }).verdict).toBe(verdict);
  });

  it('says how many attacks got through', () => {
    expect(crossOriginOf({}).because).toContain('0 of 9 got through');
    expect(crossOriginOf({ through: 1 }).because).toContain('9 of 9 got through');
  });

  it('says so where an attack that must be noticed was not', () => {
    expect(crossOriginOf({ noticed: 0 }).because).toContain('must be noticed was not');
  });

  it('has no verdict where a flow is missing', () => {
    const [, ...rest] = crossOriginRun();
    expect(crossOrigin.read(resultsOf(rest)).verdict).toBe('not measured');
  });
});

const OPENERS = [
  ['its owner', 'cookie'],
  ['its owner, by a click on another site', 'cookie'],
  ['another user', 'cookie'],
  ['the next user of the browser', 'cookie'],
  ['nobody', 'cookie'],
  ['its owner', 'bearer'],
  ['another user', 'bearer'],
  ['nobody', 'bearer'],
] as const;

function shown(link: string, opener: string): string {
  if (link === 'about the server') return 'the same as everybody';
  if (opener === 'nobody') return 'the sign-in answer';
  const theirs = link === 'about whoever opens it' || opener.startsWith('its owner');
  return theirs ? 'their own data' : 'nothing there';
}

function linksRun(model: Model): Observation[] {
  const where = 'addresses that reached the server';
  const opened = ['about the server', 'about whoever opens it', 'about one session of its owner'].flatMap(
    (link) =>
      OPENERS.map(([opener, credential]) =>
        seen('sees', model, { link, opener, credential }, shown(link, opener)),
      ),
  );
  return [
    ...opened,
    seen('credentials found', model, { where }, 0),
    seen('planted found', model, { where }, 20),
    seen('credential in an address', model, { parameter: 'access_token', method: 'GET' }, 'not accepted'),
  ];
}

/** What all models show alike, with one of the observations of some changed. */
function linksWith(changed: readonly Model[], change: (one: Observation) => Observation) {
  const all = MODELS.flatMap((model) =>
    linksRun(model).map((one) => (changed.includes(model) ? change(one) : one)),
  );
  return links.read(resultsOf(all));
}

const showsOthers = (one: Observation): Observation =>
  one.metric === 'sees' && one.factors['opener'] === 'another user'
    ? { ...one, value: "another user's data" }
    : one;

const counting =
  (metric: string, value: number) =>
  (one: Observation): Observation =>
    one.metric === metric ? { ...one, value } : one;

describe('the reading of links', () => {
  it('fails the claim where everybody sees their own in every model', () => {
    expect(linksWith([], (one) => one).verdict).toBe('fails');
  });

  it('holds where links work without sessions only', () => {
    expect(linksWith(['stateful', 'hybrid'], showsOthers).verdict).toBe('holds');
  });

  it('depends where one model with sessions shows the data of others', () => {
    const { verdict, because } = linksWith(['stateful'], showsOthers);
    expect(verdict).toBe('depends');
    expect(because).toContain('6 showed somebody what is not for them');
  });

  it('depends where a credential was found in an address', () => {
    const { verdict, because } = linksWith(['hybrid'], counting('credentials found', 1));
    expect(verdict).toBe('depends');
    expect(because).toContain('1 addresses, referrers and lines of log held a credential');
  });

  it('has no verdict where the search does not find what was put there', () => {
    expect(linksWith(['stateless'], counting('planted found', 0)).verdict).toBe('not measured');
  });
});

describe('the certificate of the front', () => {
  it('is one that Node reads and whose signature is its own', () => {
    const certificate = new X509Certificate(selfSigned('auth.example.test').cert);
    expect(certificate.subject).toBe('CN=auth.example.test');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
  });
});

describe('the reading of pages that are logged out from elsewhere', () => {
  const run = (alone: readonly Model[]) =>
    resultsOf(
      MODELS.flatMap((model) => [
        seen('at sign-in by itself', model, { socket: true }, alone.includes(model) ? 1 : 0),
        ...(alone.includes(model) ? [seen('by itself after', model, { socket: true }, 60)] : []),
      ]),
    );

  it.each([
    ['holds where no page notices by itself', [], 'holds'],
    ['fails where pages of every model do', MODELS, 'fails'],
    ['depends where those of some do', ['stateful', 'hybrid'], 'depends'],
  ] as const)('%s', (_name, alone, verdict) => {
    expect(signingOut.read(run(alone)).verdict).toBe(verdict);
  });

  it('says how soon, and where never', () => {
    const { because } = signingOut.read(run(['hybrid']));
    expect(because).toContain('hybrid 60 ms, 60 ms at most');
    expect(because).toContain('stateless never');
  });

  it('has no verdict where a model was not tried', () => {
    const some = run(MODELS)
      .raw.steps.flatMap(({ observations }) => observations)
      .slice(0, 2);
    expect(signingOut.read(resultsOf(some)).verdict).toBe('not measured');
  });
});
