/**
 * What the readings say of farms on PostgreSQL: results of before there were any still read, new ones decide, and what is
 * missing is said to be missing.
 */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MODELS, type Model, type Observation } from '../../../lab/harness/observation.js';
import { Results, readResults } from '../../../lab/harness/results.js';
import { reading as leakedKey } from '../../../lab/readings/leaked-key.js';
import { reading as scaling } from '../../../lab/readings/scaling.js';
import { reading as stolenPhone } from '../../../lab/readings/stolen-phone.js';
import { REPOSITORY } from '../../support/sandbox.js';
import { resultsOf, seen } from './sample.js';

/** The published figures of one SQLite file, as they were when the lab knew no other database. */
function publishedOnSqlite(): Observation[] {
  const raw = readResults(join(REPOSITORY, 'lab/results'), 'scaling');
  if (raw === null) throw new Error('there are no results of scaling');
  return raw.steps
    .flatMap(({ observations }) => observations)
    .filter(
      ({ metric, factors }) => !metric.startsWith('chaos') && (factors['database'] ?? 'SQLite') === 'SQLite',
    )
    .filter(({ metric }) => metric !== 'alone p50' && metric !== 'database round trip')
    .map(({ factors: { database: _, ...factors }, ...each }) => ({ ...each, factors }));
}

interface Disturbed {
  readonly signedOut?: number;
  readonly lateMs?: number;
  readonly loggedOut?: number;
}

function chaos({ signedOut = 0, lateMs = 700, loggedOut = 90 }: Disturbed = {}): Observation[] {
  const note = (metric: string, value: number, factors: Observation['factors'] = {}) =>
    seen(metric, 'hybrid', factors, value);
  return [
    note('chaos nodes', 4),
    note('chaos verifiers', 3),
    note('chaos lasted', 120),
    note('chaos promised', 5_000),
    note('chaos disturbances', 7, { what: 'kill' }),
    note('chaos refreshes', 400),
    note('chaos signed out', signedOut),
    note('chaos logged out', loggedOut),
    note('chaos tries', 9_000),
    note('chaos lag', 12, { of: 'p50' }),
    note('chaos lag', 600, { of: 'p99' }),
    note('chaos lag', lateMs + 1, { of: 'max' }),
    note('chaos lag', lateMs, { of: 'certain max' }),
    note('chaos tokens', loggedOut, { upTo: 50 }),
    note('chaos tokens', 0, { upTo: 'later' }),
  ];
}

/** A farm on PostgreSQL whose processes gain what they gain there. */
function onPostgres({ signedOut = 0, gain = 2 } = {}): Observation[] {
  const database = 'PostgreSQL';
  return MODELS.flatMap((model) => [
    seen('farm throughput', model, { database, processes: 1 }, 1_000),
    seen('farm throughput', model, { database, processes: 4 }, model === 'stateful' ? 1_000 * gain : 2_000),
    seen('alone p50', model, { database }, model === 'stateful' ? 1 : 0.5),
    seen('login known elsewhere', model, { database }, true),
    seen('logout felt elsewhere', model, { database }, model !== 'stateless'),
    ...(model === 'stateless' ? [] : [seen('logout felt after', model, { database }, 6)]),
    seen('crash clients', model, { database }, 40),
    seen('crash clients signed out', model, { database }, model === 'stateful' ? signedOut : 0),
  ]);
}

const read = (...parts: readonly Observation[][]) => scaling.read(resultsOf(parts.flat()));

describe('the reading of scaling', () => {
  it('reads results of one database, and says that nothing else was measured', () => {
    const { verdict, because, tables, figures } = read(publishedOnSqlite());
    expect(verdict).not.toBe('not measured');
    expect(because).toContain('A farm on PostgreSQL: not measured');
    expect(because).toContain('A farm that is disturbed: not measured');
    expect(tables.flatMap(({ rows }) => rows.map(([database]) => database))).not.toContain('PostgreSQL');
    expect(figures.map(({ name }) => name)).not.toContain('scaling-chaos');
  });

  it('says what a farm on PostgreSQL gave, and what it costs a client alone', () => {
    const { because, choose, comparison } = read(publishedOnSqlite(), onPostgres());
    expect(because).toContain('4 processes on one PostgreSQL gave stateful 2 times the throughput of one');
    expect(choose).toContain('alone a request takes 0.5 ms against 1 ms');
    const felt = comparison?.find(({ measured }) => measured.includes('on one PostgreSQL'));
    expect(felt?.cells).toEqual({
      stateful: '6 ms, 6 ms, 6 ms',
      stateless: 'not while it was tried',
      hybrid: '6 ms, 6 ms, 6 ms',
    });
  });

  it('goes by what happened on PostgreSQL, too', () => {
    expect(read(publishedOnSqlite(), onPostgres()).verdict).toBe(read(publishedOnSqlite()).verdict);
    expect(read(publishedOnSqlite(), onPostgres({ signedOut: 3 })).verdict).toBe('depends');
    expect(read(publishedOnSqlite(), onPostgres({ gain: 1 })).verdict).toBe('depends');
  });

  it('says that a disturbed farm kept its promises, and shows the histogram', () => {
    const { verdict, because, figures } = read(publishedOnSqlite(), chaos());
    expect(verdict).toBe(read(publishedOnSqlite()).verdict);
    expect(because).toContain('every promise held');
    expect(figures.map(({ name }) => name)).toContain('scaling-chaos');
  });

  it.each<[string, Disturbed]>([
    ['somebody was signed out without reason', { signedOut: 1 }],
    ['a token was accepted later than promised', { lateMs: 5_001 }],
    ['nothing happened that could have shown it', { loggedOut: 0 }],
  ])('says that it broke one where %s', (_name, disturbed) => {
    const { verdict, because } = read(publishedOnSqlite(), chaos(disturbed));
    expect(because).toContain('a promise was broken');
    expect(verdict).not.toBe('fails');
  });

  it('says nothing of a disturbed farm of which a deciding figure is missing', () => {
    const some = chaos().filter(({ metric }) => metric !== 'chaos signed out');
    expect(read(publishedOnSqlite(), some).because).toContain('A farm that is disturbed: not measured');
  });

  it('says nothing where only PostgreSQL was measured', () => {
    expect(read(onPostgres(), chaos()).verdict).toBe('not measured');
  });
});

const NEAR = ['same process', 'second process'];
const FAR = ['another node on PostgreSQL', 'a service with the feed'];
const doors = (model: Model, shut: boolean, processes: readonly string[]) =>
  processes.flatMap((process) => [
    seen('dead', model, { process }, shut),
    ...(shut ? [seen('time until dead', model, { process }, 8)] : []),
  ]);

describe('the reading of the stolen phone', () => {
  const near = [
    ...doors('stateful', true, NEAR),
    ...doors('stateless', false, NEAR),
    ...doors('hybrid', true, NEAR),
  ];

  it('says of doors that were not tried that nobody knows', () => {
    const { verdict, because, figures } = stolenPhone.read(resultsOf(near));
    expect(verdict).toBe('depends');
    expect(because).toContain('a service with `counterfoil/verify` and the feed: not measured');
    expect(JSON.stringify(figures.map(({ plot }) => plot['y']))).not.toContain(FAR[0]);
  });

  it('counts a node on PostgreSQL and a service with the feed like any other door', () => {
    const shut = stolenPhone.read(resultsOf([...near, ...doors('hybrid', true, FAR)]));
    expect(shut.verdict).toBe('depends');
    expect(shut.because).toContain('another node on one PostgreSQL refused it after 8 ms');
    const open = stolenPhone.read(resultsOf([...near, ...doors('hybrid', false, FAR)]));
    expect(open.verdict).toBe('holds');
    expect(open.because).toContain('the feed went on accepting it');
    const cells = open.tables
      .flatMap(({ rows }) => rows)
      .find(([name]) => name?.startsWith('same process, from'));
    expect(cells?.at(-1)).toBe('8 ms');
  });
});

describe('the reading of the leaked key', () => {
  const near = MODELS.flatMap((model) => [
    seen('accepted', model, { forgery: 'the victim' }, model !== 'stateful'),
    seen('revocation', model, {}, 20),
    seen('honest users', model, { outcome: 'must sign in again', of: 10 }, model === 'stateless' ? 10 : 0),
    ...(model === 'stateful' ? [] : doors(model, true, NEAR)),
  ]);

  it('goes by what another node and a service with the feed do with a forgery', () => {
    const unknown = leakedKey.read(resultsOf(near));
    expect(unknown.verdict).toBe('depends');
    expect(unknown.because).toContain('another node on one PostgreSQL: not measured');
    expect(leakedKey.read(resultsOf([...near, ...doors('hybrid', true, FAR)])).verdict).toBe('depends');
    const open = leakedKey.read(resultsOf([...near, ...doors('hybrid', false, FAR)]));
    expect(open.verdict).toBe('holds');
    expect(open.because).toContain('another node on one PostgreSQL went on accepting it');
  });
});

it('the published results read, whatever they hold', () => {
  for (const reading of [scaling, stolenPhone, leakedKey]) {
    const raw = readResults(join(REPOSITORY, 'lab/results'), reading.experiment);
    expect(raw, reading.experiment).not.toBeNull();
    if (raw !== null) expect(reading.read(new Results(raw)).verdict).not.toBe('not measured');
  }
});
