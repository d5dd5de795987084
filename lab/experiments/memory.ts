/**
 * What signed-in users cost: resident memory of the server, bytes of the database, and time to start, with 1 k to 1 M
 * users of one session each; and beside it a process that keeps sessions in its own memory. One step per number of
 * users, since filling the database is most of the work; its rounds interleave the models. Full mode: 4 steps of 35 to
 * 80 seconds. Quick mode: 2 steps of about 7 seconds.
 */

import { cpSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Bench, Experiment, Plan, Step } from '../harness/experiment.js';
import { load, viewerRequests } from '../harness/load.js';
import { MODELS, type Model, type Observation } from '../harness/observation.js';
import { ended, startNode } from '../harness/pinned.js';
import { addSessions, addUsers, credentialsOf, makeDatabase } from '../harness/population.js';
import { databaseFile, REPOSITORY, startServer } from '../harness/server.js';

const SIZES = { quick: [500, 2_000], full: [1_000, 10_000, 100_000, 1_000_000] } as const;
/** How many of the users call while the server is weighed. */
const CALLING = 5_000;
const CONNECTIONS = 20;
/** Tokens must outlive the step; nothing else depends on it. */
const ENVIRONMENT = { COUNTERFOIL_ACCESS_TTL: '7200' };

export const experiment: Experiment = {
  name: 'memory',
  title: 'What a signed-in user costs',
  steps: ({ mode }: Plan): readonly Step[] =>
    SIZES[mode].map((users) => ({
      id: `users-${users}`,
      label: `${users.toLocaleString('en')} signed-in users`,
      run: (bench) => measure(users, bench),
    })),
};

async function measure(users: number, { plan, folder, say }: Bench): Promise<Observation[]> {
  say('filling the database');
  // The stateless model writes no sessions: its users have a database without any.
  const folders = { without: join(folder, 'without'), with: join(folder, 'with') };
  mkdirSync(folders.without);
  await makeDatabase({ model: 'stateless', folder: folders.without });
  addUsers(folders.without, users);
  cpSync(folders.without, folders.with, { recursive: true });
  addSessions(folders.with, users);
  const folderOf = (model: Model) => (model === 'stateless' ? folders.without : folders.with);

  const observations: Observation[] = [...tableBytes(folders.with, users)];
  for (const model of MODELS) {
    const value = statSync(databaseFile(folderOf(model))).size;
    observations.push({ metric: 'database', unit: 'bytes', model, factors: { users }, round: 0, value });
  }
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const model of MODELS) {
      say(`${model}, round ${round + 1}`);
      const seen = await serve(model, folderOf(model), users, plan);
      observations.push(...seen.map((each) => ({ ...each, model, factors: { users }, round })));
    }
    say(`in the memory of a process, round ${round + 1}`);
    observations.push(...(await inMemory(users, round)));
  }
  return observations;
}

type Seen = Pick<Observation, 'metric' | 'unit' | 'value'>;

async function serve(model: Model, folder: string, users: number, { mode }: Plan): Promise<Seen[]> {
  const options = { model, folder, environment: ENVIRONMENT };
  const credentials = await credentialsOf(options, users, CALLING);
  const server = await startServer(options);
  try {
    await pause(300);
    const afterStart = server.residentBytes();
    const served = await load({
      url: server.url,
      requests: viewerRequests(credentials.map(({ bearer }) => ({ bearer }))),
      connections: CONNECTIONS,
      seconds: mode === 'quick' ? 0.5 : 2,
      expect: '"viewer":{"id"',
    });
    if (served.bad > 0) throw new Error(`${served.bad} of the ${model} model's answers were bad`);
    return [
      { metric: 'start', unit: 'ms', value: server.startMs },
      { metric: 'resident after start', unit: 'bytes', value: afterStart },
      { metric: 'resident after serving', unit: 'bytes', value: server.residentBytes() },
    ];
  } finally {
    await server.end();
  }
}

/** What the tables weigh with their indexes, by SQLite's own count of pages. */
function* tableBytes(folder: string, users: number): Generator<Observation> {
  const database = new Database(databaseFile(folder), { readonly: true });
  try {
    const weigh = database
      .prepare(
        `select sum(pgsize) from dbstat where aggregate = true
         and name in (select name from sqlite_master where tbl_name = ?)`,
      )
      .pluck();
    for (const table of ['users', 'sessions']) {
      const value = Number(weigh.get(table));
      yield { metric: 'table', unit: 'bytes', model: null, factors: { users, table }, round: 0, value };
    }
  } finally {
    database.close();
  }
}

async function inMemory(users: number, round: number): Promise<Observation[]> {
  const child = startNode({
    line: [
      '--expose-gc',
      '--import',
      'tsx',
      join(REPOSITORY, 'lab/experiments/memory/session-map-worker.ts'),
      `${users}`,
    ],
    side: 'server',
    folder: REPOSITORY,
    environment: {},
  });
  child.stderr?.resume();
  const said = child.stdout === null ? '' : await text(child.stdout);
  await ended(child, 'SIGKILL');
  if (said === '') throw new Error('the process that keeps sessions in memory said nothing');
  const { resident, heap } = JSON.parse(said) as { resident: number; heap: number };
  const about = { unit: 'bytes', model: null, factors: { users }, round };
  return [
    { ...about, metric: 'map resident', value: resident },
    { ...about, metric: 'map heap', value: heap },
  ];
}
