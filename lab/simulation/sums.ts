/**
 * From measured costs to whole deployments: how many of everything 1 M, 100 M and 1 B sessions ask for. Arithmetic on
 * stated assumptions, pure; where a cost was not measured, its row stays empty.
 */

import type { PostgresResults } from '../../bench/postgres/results.js';
import type { Table } from '../harness/reading.js';
import { ASSUMED } from './costs.js';
import { bytesOf, costOf, feedCost, workOf } from './measured.js';

const SIZES = [1e6, 1e8, 1e9] as const;

export const ASSUMPTIONS = {
  sessionsAUser: 2,
  /** Of the sessions that live, those whose client is in use at the busiest hour. */
  activeShare: 0.1,
  accessTtlSeconds: 300,
  /** Lifetimes are shortened by up to 5 %, evenly. */
  meanJitter: 0.025,
  /** Of all sessions, a day. */
  loginsADay: 0.02,
  logoutsADay: 0.01,
  /** The busiest hour against the mean. */
  peak: 3,
  /** Of one session in use, to any service. */
  requestsPerSecond: 0.1,
  /** Of the processor time that there is, how much may be used. */
  headroom: 0.5,
  poolSize: 10,
  checkpointSeconds: 900,
  auditKeepDays: 90,
  verifiers: { [SIZES[0]]: 20, [SIZES[1]]: 500, [SIZES[2]]: 5_000 } as Readonly<Record<number, number>>,
  fanOut: 50,
} as const;

const DAY = 86_400;
const PAGE_BYTES = 8_192;
/** Of one node, a second. */
const POLLS = 20;
/** A second: one follows the other, and each takes a round trip. */
const READINGS_AT_MOST = 1_000;

/** Work for a second at the busiest hour. */
export function ratesOf(sessions: number) {
  const { activeShare, accessTtlSeconds, meanJitter, loginsADay, logoutsADay, peak } = ASSUMPTIONS;
  const active = sessions * activeShare;
  return {
    active,
    refreshes: active / (accessTtlSeconds * (1 - meanJitter)),
    logins: (sessions * loginsADay * peak) / DAY,
    logouts: (sessions * logoutsADay * peak) / DAY,
    requests: active * ASSUMPTIONS.requestsPerSecond,
  };
}

/** Null where one of them is. */
function sum(...terms: readonly (number | null)[]): number | null {
  let total = 0;
  for (const term of terms) {
    if (term === null) return null;
    total += term;
  }
  return total;
}

const times = (rate: number, cost: number | null) => (cost === null ? null : rate * cost);

export function sumsOf(sessions: number, results: PostgresResults | null) {
  const rates = ratesOf(sessions);
  const { headroom, sessionsAUser, checkpointSeconds, poolSize, fanOut } = ASSUMPTIONS;
  const verifiers = ASSUMPTIONS.verifiers[sessions] ?? 0;
  const perSecond = (column: 'serverMicroseconds' | 'walBytes') =>
    sum(
      times(rates.refreshes, costOf(results, 'find', column)),
      times(rates.refreshes, costOf(results, 'rotate', column)),
      times(rates.refreshes, costOf(results, 'count an attempt', column)),
      times(rates.logins, costOf(results, 'begin', column)),
      times(rates.logouts, costOf(results, 'end', column)),
    );
  const sessionBytes = times(sessions, bytesOf(results, 'sessions'));
  const pages = sessionBytes === null ? null : sessionBytes / PAGE_BYTES;
  const touched = pages === null ? null : pages * -Math.expm1((-rates.refreshes * checkpointSeconds) / pages);
  const databaseCores = times(1 / 1e6 / headroom, perSecond('serverMicroseconds'));
  const refreshCores = times(rates.refreshes / 1e6 / headroom, workOf(results, 'refresh'));
  const argonCores = times(rates.logins / 1e6 / headroom, workOf(results, 'argon2id'));
  const nodeCores = sum(refreshCores, argonCores);
  const nodes = nodeCores === null ? null : Math.max(2, Math.ceil(nodeCores));
  const feedCores = times(
    verifiers / 1e6,
    sum(
      // At worst each is a piece of its own, until there are more than readings can be.
      times(Math.min(rates.logouts, READINGS_AT_MOST), feedCost(results, 'pieceMicroseconds')),
      times(rates.logouts, feedCost(results, 'eventMicroseconds')),
      feedCost(results, 'heartbeatMicroseconds'),
    ),
  );
  const auditRows = sessions * (ASSUMPTIONS.loginsADay + ASSUMPTIONS.logoutsADay) * ASSUMPTIONS.auditKeepDays;
  return {
    ...rates,
    liveLog: (rates.logouts * ASSUMED.entryLivesMs) / 1_000,
    walBytes: perSecond('walBytes'),
    fullPageBytes: times(PAGE_BYTES / checkpointSeconds, touched),
    databaseCores,
    sessionBytes,
    userBytes: times(sessions / sessionsAUser, bytesOf(results, 'users')),
    auditBytes: times(auditRows, bytesOf(results, 'audit_log')),
    refreshCores,
    argonCores,
    nodes,
    connections: nodes === null ? null : nodes * (poolSize + 1),
    pollReadings: times(POLLS, nodes),
    hintReadings: times(Math.min(rates.logouts, READINGS_AT_MOST), nodes),
    readingCores: times(
      (POLLS + Math.min(rates.logouts, READINGS_AT_MOST)) / 1e6 / headroom,
      times(nodes ?? 0, costOf(results, 'read the log, idle', 'serverMicroseconds')),
    ),
    verifiers,
    relays: Math.max(0, nodes === null || verifiers <= nodes * fanOut ? 0 : Math.ceil(verifiers / fanOut)),
    feedCores,
    feedBytesEach: rates.logouts * ASSUMED.eventBytes + ASSUMED.heartbeatBytes,
    jwksRequests: verifiers / 300,
  };
}

export function sumsTable(results: PostgresResults | null): Table {
  const columns = SIZES.map((size) => sumsOf(size, results));
  type Sums = (typeof columns)[number];
  const row = (name: string, of: (sums: Sums) => number | null, words: (value: number) => string = count) => [
    name,
    ...columns.map((sums) => {
      const value = of(sums);
      return value === null ? 'not measured' : words(value);
    }),
  ];
  return {
    caption: '',
    head: ['at the busiest hour', ...SIZES.map((size) => `${big(size)} sessions`)],
    rows: [
      row('sessions in use', ({ active }) => active),
      row('refreshes a second', ({ refreshes }) => refreshes),
      row('requests a second, checked offline', ({ requests }) => requests),
      row('logins a second', ({ logins }) => logins),
      row('revocations a second', ({ logouts }) => logouts),
      row('entries of the log that live', ({ liveLog }) => liveLog),
      row('database: cores, half of each used', ({ databaseCores }) => databaseCores),
      row('database: WAL', ({ walBytes }) => walBytes, rate),
      row('database: full pages in the WAL besides', ({ fullPageBytes }) => fullPageBytes, rate),
      row('disk: sessions', ({ sessionBytes }) => sessionBytes, bytes),
      row('disk: users', ({ userBytes }) => userBytes, bytes),
      row('disk: audit log, 90 days', ({ auditBytes }) => auditBytes, bytes),
      row('nodes: cores for refreshes, ECDSA included', ({ refreshCores }) => refreshCores),
      row('nodes: cores for argon2id', ({ argonCores }) => argonCores),
      row('nodes, of one core each', ({ nodes }) => nodes),
      row('connections, without a pooler', ({ connections }) => connections),
      row('readings of the log a second, by polls', ({ pollReadings }) => pollReadings),
      row('and by hints, at most', ({ hintReadings }) => hintReadings),
      row('database: cores for all of them', ({ readingCores }) => readingCores),
      row('verifier processes (assumed)', ({ verifiers }) => verifiers),
      row('relays they need', ({ relays }) => relays),
      row('cores of nodes and relays for the last hop', ({ feedCores }) => feedCores),
      row('bytes to each verifier', ({ feedBytesEach }) => feedBytesEach, rate),
      row('JWKS requests a second', ({ jwksRequests }) => jwksRequests),
    ],
  };
}

function big(value: number): string {
  return value >= 1e9 ? `${value / 1e9} B` : `${value / 1e6} M`;
}

/** Two digits that count: the assumptions bear no more. */
function count(value: number): string {
  if (value === 0) return '0';
  return Number(value.toPrecision(2)).toLocaleString('en', { maximumSignificantDigits: 2 });
}

function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${count(value / 1000 ** power)} ${units[power]}`;
}

function rate(value: number): string {
  return `${bytes(value)}/s`;
}
