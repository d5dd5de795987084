/** The tables of `docs/scaling.md`: measured costs, scenarios, and the simulation beside reality. */

import type { PostgresResults } from '../../bench/postgres/results.js';
import { shown } from '../../bench/table.js';
import type { Table } from '../harness/reading.js';
import { type Costs, costsFrom } from './costs.js';
import { costOf, feedCost, workOf } from './measured.js';
import type { SimulationResults } from './results.js';
import { defaults } from './scenario.js';
import { scenarios } from './scenarios.js';
import { simulate } from './simulate.js';
import { ms, number, percent } from './told.js';

const EMPTY = 'not measured';
const cell = (value: number | null, unit = '') =>
  value === null ? EMPTY : [shown(value), unit].filter((text) => text !== '').join(' ');

export function operationsTable(results: PostgresResults | null): Table {
  const names = [...new Set((results?.operations ?? []).map(({ operation }) => operation))];
  return {
    caption: '',
    head: ['operation', 'statements', 'round trips', 'WAL', 'database CPU', 'time', 'on SQLite', 'ratio'],
    rows: names.map((name) => {
      const [ours, theirs] = [
        costOf(results, name, 'microseconds'),
        costOf(results, name, 'microseconds', 'sqlite'),
      ];
      return [
        name,
        cell(costOf(results, name, 'statements')),
        cell(costOf(results, name, 'roundTrips')),
        cell(costOf(results, name, 'walBytes'), 'bytes'),
        cell(costOf(results, name, 'serverMicroseconds'), 'µs'),
        cell(ours, 'µs'),
        cell(theirs, 'µs'),
        ours === null || theirs === null ? '' : `${shown(ours / theirs)} ×`,
      ];
    }),
  };
}

export function sizesTable(results: PostgresResults | null): Table {
  return {
    caption: '',
    head: ['one row of', 'state', 'table', 'indexes', 'together'],
    rows: (results?.sizes ?? []).map(({ table, state, rows, tableBytes, indexBytes }) => [
      `\`${table}\``,
      state,
      `${shown(Math.round(tableBytes / rows))} bytes`,
      `${shown(Math.round(indexBytes / rows))} bytes`,
      `${shown(Math.round((tableBytes + indexBytes) / rows))} bytes`,
    ]),
  };
}

export function workTable(results: PostgresResults | null): Table {
  const row = (what: string, microseconds: number | null) => [what, cell(microseconds, 'µs')];
  return {
    caption: '',
    head: ['work of a node or verifier', 'processor time'],
    rows: [
      row('`refresh` over HTTP', workOf(results, 'refresh')),
      row('an ES256 signature, part of it', workOf(results, 'ES256 signature')),
      row('an ES256 verification', workOf(results, 'ES256 verification')),
      row('`viewer` over HTTP, hybrid', workOf(results, 'viewer')),
      row('argon2id, production cost', workOf(results, 'argon2id')),
      row('the feed: what one reading brought, to one consumer', feedCost(results, 'pieceMicroseconds')),
      row('the feed: each revocation in it besides', feedCost(results, 'eventMicroseconds')),
      row('the feed: one heartbeat to one consumer', feedCost(results, 'heartbeatMicroseconds')),
    ],
  };
}

export function scenariosTable({ costs, outcomes }: SimulationResults): Table {
  return {
    caption: '',
    head: ['scenario', 'p50', 'p99', 'most', 'oldest', 'stale', 'at once', 'busiest', 'promise'],
    rows: scenarios(costs)
      .filter(({ words }) => words !== '')
      .map(({ name, words }) => {
        const outcome = outcomes.find((each) => each.name === name)?.outcome;
        if (outcome === undefined) throw new Error(`${name} has not been simulated`);
        const { verifiers, promise, busy } = outcome;
        return [
          words,
          ms(verifiers.p50),
          ms(verifiers.p99),
          ms(verifiers.max),
          ms(verifiers.stale.age.most),
          percent(verifiers.stale.share),
          number(verifiers.stale.atOnce),
          percent(Math.max(busy.nodes.most, busy.relays.most)),
          promise.kept ? 'kept' : `**broken**: ${ms(promise.latestMs)}`,
        ];
      }),
  };
}

export function parametersTable({ costs, measured }: SimulationResults): Table {
  const row = (words: string, name: keyof Costs, unit: string, scale = 1) => [
    words,
    `${shown(Number((costs[name] * scale).toPrecision(3)))} ${unit}`,
    measured.includes(name) ? 'measured' : name.endsWith('Bytes') ? 'counted' : 'assumed',
  ];
  return {
    caption: '',
    head: ['parameter', 'value', ''],
    rows: [
      row('what one reading brought, to one consumer', 'sendMs', 'µs', 1_000),
      row('each revocation in it besides', 'eventMs', 'µs', 1_000),
      row('one heartbeat to one consumer', 'heartbeatMs', 'µs', 1_000),
      row('one idle reading of the log, at the database', 'readMs', 'µs', 1_000),
      row('the same, at the node', 'readAtNodeMs', 'µs', 1_000),
      row('a mutation, until it is durable', 'commitMs', 'ms'),
      row('bytes of a revocation', 'eventBytes', 'bytes'),
      row('bytes of a heartbeat', 'heartbeatBytes', 'bytes'),
    ],
  };
}

/** The same small scenario twice: on this machine with real processes, and simulated with what was measured there. */
export function validationTable(results: PostgresResults | null): Table {
  const head = ['', 'p50', 'p99', 'most', 'counted'];
  const lag = results?.lag ?? null;
  if (lag === null) return { caption: '', head, rows: [['measured', EMPTY, EMPTY, EMPTY, '']] };
  const { costs } = costsFrom(results);
  const near = { medianMs: 0.05, spread: 0.5, mostMs: 10 };
  const { verifiers } = simulate({
    ...defaults(costs),
    nodes: lag.nodes,
    verifiers: lag.verifiers,
    seconds: 60,
    revocationsPerSecond: 5,
    delays: { database: near, relay: near, verifier: near },
  });
  const row = (name: string, { p50, p99, max }: Record<'p50' | 'p99' | 'max', number>, counted: number) => [
    name,
    ms(p50),
    ms(p99),
    ms(max),
    number(counted),
  ];
  return {
    caption: '',
    head,
    rows: [
      row('measured', lag, lag.revocations * lag.verifiers),
      row('simulated', verifiers, verifiers.counted),
    ],
  };
}
