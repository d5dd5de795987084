/** Where headers and cookies are cut off, and how many claims of ours get through there. */

import type { Model } from '../harness/observation.js';
import type { Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { count, NOT_MEASURED } from './amounts.js';
import { type Growth, growthOf } from './token-size-growth.js';

interface Limit {
  readonly metric: string;
  readonly where: string;
  readonly what: string;
  /** Which of our credentials meets it, and how many bytes go along with it there. */
  readonly carries: 'bearer' | 'cookie';
  readonly besides: number;
  readonly model: Model;
}

const COOKIE_NAME = '__Host-counterfoil'.length;
/** `__Host-counterfoil=…; Max-Age=300; Path=/; HttpOnly; Secure; SameSite=Strict` without the value. */
const SET_COOKIE = '__Host-counterfoil=; Max-Age=300; Path=/; HttpOnly; Secure; SameSite=Strict'.length;
const BEARER = 'Bearer '.length;

const LIMITS: readonly Limit[] = [
  {
    metric: 'largest cookie',
    where: 'Chromium',
    what: 'cookie that Chromium keeps, name and value',
    carries: 'cookie',
    besides: COOKIE_NAME,
    model: 'stateless',
  },
  {
    metric: 'largest response header',
    where: 'nginx',
    what: '`Set-Cookie` that comes back through nginx',
    carries: 'cookie',
    besides: SET_COOKIE,
    model: 'stateless',
  },
  {
    metric: 'largest request header',
    where: 'nginx',
    what: '`Authorization` that gets through nginx',
    carries: 'bearer',
    besides: BEARER,
    model: 'hybrid',
  },
  {
    metric: 'largest request header',
    where: 'Node',
    what: '`Authorization` that a bare Node.js server reads',
    carries: 'bearer',
    besides: BEARER,
    model: 'hybrid',
  },
  {
    metric: 'largest request header',
    where: 'Counterfoil',
    what: '`Authorization` that this server reads',
    carries: 'bearer',
    besides: BEARER,
    model: 'hybrid',
  },
];

function found(results: Results, { metric, where }: Limit): number | null {
  return results.summary({ metric, factors: { where } })?.median ?? null;
}

/** Bytes of claims with which our credential still fits; null where it does not grow, or was not measured. */
function room(results: Results, limit: Limit): number | null {
  const most = found(results, limit);
  const growth: Growth | null = growthOf(results, limit.carries, limit.model);
  if (most === null || growth === null || growth.slope <= 0) return null;
  return Math.max(0, Math.floor((most - limit.besides - growth.base) / growth.slope));
}

export function limitsTable(results: Results): Table {
  const rows = LIMITS.map((limit) => {
    const most = found(results, limit);
    const claims = room(results, limit);
    return [
      limit.what,
      most === null ? NOT_MEASURED : count(most),
      claims === null ? NOT_MEASURED : `about ${count(claims)}`,
    ];
  });
  const own = results.observations({ metric: 'own token opens' });
  const sizes = (opens: boolean) =>
    own.filter(({ value }) => value === opens).map(({ factors }) => Number(factors['bytes']));
  const [good, bad] = [sizes(true), sizes(false)];
  return {
    caption:
      'The largest that got through, tried byte by byte, and the claims added with which a token of this server still fits',
    head: ['', 'bytes', 'claims (bytes)'],
    rows: [
      ...rows,
      [
        'access token of its own that this server accepts',
        good.length === 0
          ? NOT_MEASURED
          : `${count(Math.max(...good))}${bad.length === 0 ? ' or more' : `, not ${count(Math.min(...bad))}`}`,
        '',
      ],
    ],
  };
}

/** Which of the limits a growing token meets first. */
export function tightest(results: Results): string {
  const rooms = LIMITS.flatMap((limit) => {
    const claims = room(results, limit);
    return claims === null ? [] : [{ limit, claims }];
  }).sort((a, b) => a.claims - b.claims);
  const [first] = rooms;
  if (first === undefined) return `Where a token is cut off was ${NOT_MEASURED}.`;
  const { limit, claims } = first;
  const whose = limit.carries === 'cookie' ? `the cookie of the ${limit.model} model` : 'the access token';
  return `The first limit that a growing token meets is the ${limit.what} (${count(found(results, limit) ?? 0)} bytes): with about ${count(claims)} bytes of claims, ${whose} meets it.`;
}
