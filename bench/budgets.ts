/**
 * The budgets, and how a measured figure is judged by one. Pure: from numbers to words. Each budget is a bound on a
 * ratio of two things that one run measured on one machine, or on a count of bytes, so that it means the same on a
 * faster machine.
 */

import { summarise } from '../lab/harness/statistics.js';

export interface Bound {
  readonly kind: 'at least' | 'at most' | 'under';
  readonly limit: number;
}

export interface Budget {
  readonly name: string;
  /** The measure that gives its figures. */
  readonly measure: string;
  readonly work: string;
  /** The budget in words; completes "must be …". */
  readonly words: string;
  /** Of the judged value; `×` for a ratio. */
  readonly unit: string;
  readonly bound: Bound;
}

export const BUDGETS: readonly Budget[] = [
  {
    name: 'viewer',
    measure: 'viewer',
    work: '`viewer` over HTTP, hybrid',
    words: 'at least 1.2 × a bare `node:http` server that verifies the JWT with jose',
    unit: '×',
    bound: { kind: 'at least', limit: 1.2 },
  },
  {
    name: 'viewer-stateful',
    measure: 'viewer',
    work: '`viewer` over HTTP, hybrid',
    words: 'never slower than the stateful model on SQLite',
    unit: '×',
    bound: { kind: 'at least', limit: 1 },
  },
  {
    name: 'viewer-postgres',
    measure: 'postgres',
    work: '`viewer` over HTTP, hybrid',
    words: 'at least 1.5 × the stateful model on PostgreSQL',
    unit: '×',
    bound: { kind: 'at least', limit: 1.5 },
  },
  {
    name: 'refresh',
    measure: 'refresh',
    work: '`refresh` over HTTP',
    words: 'at least 0.3 × raw better-sqlite3 rotation transactions at `synchronous=NORMAL`',
    unit: '×',
    bound: { kind: 'at least', limit: 0.3 },
  },
  {
    name: 'login',
    measure: 'login',
    work: '`login` over HTTP',
    words: 'at least 0.9 × the raw argon2id rate',
    unit: '×',
    bound: { kind: 'at least', limit: 0.9 },
  },
  {
    name: 'viewer-during-login',
    measure: 'login',
    work: 'p99 of `viewer` while logins run',
    words: 'at most 5 × its idle p99',
    unit: '×',
    bound: { kind: 'at most', limit: 5 },
  },
  {
    name: 'logout-all',
    measure: 'logout-all',
    work: '`logoutAllDevices`, 100,000 sessions',
    words: 'at most 1.2 × the time for 10 sessions',
    unit: '×',
    bound: { kind: 'at most', limit: 1.2 },
  },
  {
    name: 'revocation-here',
    measure: 'revocation',
    work: 'revocation, same process',
    words: 'felt by the next request: none is accepted after the logout was answered',
    unit: 'accepted',
    bound: { kind: 'at most', limit: 0 },
  },
  {
    name: 'revocation-elsewhere',
    measure: 'revocation',
    work: 'revocation, another process on the database',
    words: 'p99 of the lag under 100 ms',
    unit: 'ms',
    bound: { kind: 'under', limit: 100 },
  },
  {
    name: 'revocation-verifier',
    measure: 'postgres',
    work: 'revocation, another node or a verifier',
    words: 'p99 of the lag under 100 ms',
    unit: 'ms',
    bound: { kind: 'under', limit: 100 },
  },
  {
    name: 'storage',
    measure: 'storage',
    work: 'a session on disk, indexes included',
    words: 'at most 400 bytes',
    unit: 'bytes',
    bound: { kind: 'at most', limit: 400 },
  },
  {
    name: 'memory',
    measure: 'memory',
    work: 'resident memory a session',
    // Not zero: resident memory is known to within some MB. A server that held no more than its sessions' ids is found out.
    words: 'none: less than the 16 bytes of its id',
    unit: 'bytes',
    bound: { kind: 'under', limit: 16 },
  },
  {
    name: 'token',
    measure: 'token',
    work: 'an access token with every claim',
    words: 'at most 600 bytes',
    unit: 'bytes',
    bound: { kind: 'at most', limit: 600 },
  },
  {
    name: 'start',
    measure: 'start',
    work: 'start, to the first answer',
    words: 'at most 1.5 × an Apollo + Fastify hello-world with type-graphql',
    unit: '×',
    bound: { kind: 'at most', limit: 1.5 },
  },
  {
    name: 'resident',
    measure: 'start',
    work: 'resident memory after the start',
    words: 'at most 150 MB',
    unit: 'MB',
    bound: { kind: 'at most', limit: 150 },
  },
];

/** By the median of the rounds. Never by a value that was rounded for a reader. */
export function judge({ bound }: Budget, values: readonly number[]): string {
  if (values.length === 0 || !values.every(Number.isFinite)) return 'not measured';
  const { median } = summarise(values);
  const met =
    bound.kind === 'at least'
      ? median >= bound.limit
      : bound.kind === 'at most'
        ? median <= bound.limit
        : median < bound.limit;
  return met ? 'met' : 'missed';
}
