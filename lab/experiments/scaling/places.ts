/**
 * Where the nodes of a farm keep what they share: one SQLite file, one PostgreSQL that answers over loopback, and the
 * same PostgreSQL through a proxy that passes answers on at once or a millisecond late. The proxy takes processor time
 * of its own, so what a millisecond costs is read beside the proxy without delay.
 */

import pg from 'pg';
import { type DelayingProxy, startDelayingProxy } from '../../harness/delaying-proxy.js';
import { MASTER_KEY } from '../../harness/farm/farm.js';
import type { Model, Observation } from '../../harness/observation.js';
import {
  addSessions,
  addUsers,
  type Credential,
  credentialsOf,
  makeDatabase,
} from '../../harness/population.js';
import { addPopulation } from '../../harness/population-postgres.js';
import type { PostgresServer } from '../../harness/postgres.js';
import type { ServerOptions } from '../../harness/server.js';
import { quantile } from '../../harness/statistics.js';

export const PLACES = ['SQLite', 'PostgreSQL', 'PostgreSQL by proxy', 'PostgreSQL, 1 ms away'] as const;
/** The levels of the factor `database`. */
export type Place = (typeof PLACES)[number];

/** Milliseconds that the proxy adds to each answer; null where there is no proxy. */
const DELAY: Readonly<Record<Place, number | null>> = {
  SQLite: null,
  PostgreSQL: null,
  'PostgreSQL by proxy': 0,
  'PostgreSQL, 1 ms away': 1,
};
const ROUND_TRIPS = 200;

export interface Prepared {
  readonly options: ServerOptions;
  readonly credentials: readonly Credential[];
  /** Milliseconds that an empty question takes by the nodes' way to the database; null where it is a file. */
  readonly roundTripMs: number | null;
  end(): Promise<unknown>;
}

export interface Wanted {
  readonly model: Model;
  readonly place: Place;
  readonly folder: string;
  readonly sessions: number;
  /** Asked for by places on PostgreSQL only. */
  postgres(): Promise<PostgresServer>;
}

/** A database with everybody in it, and the way to it. */
export async function prepare({ model, place, folder, sessions, postgres }: Wanted): Promise<Prepared> {
  const side = 'anywhere';
  if (place === 'SQLite') {
    const options = { model, folder, side } as const;
    await makeDatabase(options);
    addUsers(folder, sessions);
    addSessions(folder, sessions);
    const credentials = await credentialsOf(options, sessions, sessions);
    return { options, credentials, roundTripMs: null, end: async () => undefined };
  }
  const server = await postgres();
  const name = `lab_${place.replaceAll(/\W+/g, '_').toLowerCase()}`;
  await server.ask('postgres', `drop database if exists ${name}`, `create database ${name}`);
  const environment = { COUNTERFOIL_DATABASE: server.url(name), COUNTERFOIL_MASTER_KEY: MASTER_KEY };
  const direct: ServerOptions = { model, folder, side, environment };
  await makeDatabase(direct);
  await addPopulation(server.url(name), sessions);
  const credentials = await credentialsOf(direct, sessions, sessions);
  const delay = DELAY[place];
  const proxy: DelayingProxy | null = delay === null ? null : await startDelayingProxy(server.port, delay);
  const url = new URL(server.url(name));
  if (proxy !== null) url.port = String(proxy.port);
  return {
    options: { ...direct, environment: { ...environment, COUNTERFOIL_DATABASE: url.href } },
    credentials,
    roundTripMs: await roundTrip(url.href),
    end: async () => proxy?.end(),
  };
}

/** The median of many, one after the other, with nothing else on the way. */
async function roundTrip(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const times: number[] = [];
    for (let n = 0; n < ROUND_TRIPS; n += 1) {
      const sent = performance.now();
      await client.query({ name: 'nothing', text: 'select 1' });
      times.push(performance.now() - sent);
    }
    return quantile(
      times.sort((one, other) => one - other),
      0.5,
    );
  } finally {
    await client.end();
  }
}

export function roundTripSeen({ roundTripMs }: Prepared): Pick<Observation, 'metric' | 'unit' | 'value'>[] {
  return roundTripMs === null ? [] : [{ metric: 'database round trip', unit: 'ms', value: roundTripMs }];
}
