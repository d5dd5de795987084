/**
 * What the parts of the experiment on expiry have in common: the settings that are compared, and a server for each.
 * Servers run side by side, since outcomes are counted and no durations are measured.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { ask, mutate } from '../harness/client.js';
import type { Bench } from '../harness/experiment.js';
import { SETTINGS, type Setting } from '../harness/expiry-settings.js';
import type { Model, Observation } from '../harness/observation.js';
import { type Server, startServer } from '../harness/server.js';
import { begin, type Manner, type Visitor } from './visitor.js';

/** Seconds. */
export interface Lifetimes {
  readonly access: number;
  readonly idle: number;
  readonly absolute: number;
}

/** What a part is given for each setting. */
export interface Site {
  readonly setting: Setting;
  readonly url: string;
  readonly lifetimes: Lifetimes;
  /** The longest life of a token of this setting; null where there are none. Seconds. */
  readonly tokenSeconds: number | null;
  /** The idle lifetime that the server itself promises. Seconds. */
  readonly ownIdle: number;
  /** Of the server. */
  readonly pid: number;
  signIn(manner: Manner): Promise<Visitor>;
  /** Resolves when the work at every setting has come so far as to ask for it. */
  together(): Promise<void>;
}

const PERSON = { email: 'visitor@example.test', password: 'copper lantern meadow 83' };
/** Enough to keep a server busy, and few enough to leave the others their turn. */
const SIGN_INS_AT_ONCE = 2;

export function modelOf(setting: Setting): Model {
  return setting === 'stateful' || setting === 'hybrid' ? setting : 'stateless';
}

/** Does the work on a server of each setting, all at once, and returns what all of them gave. */
export async function atEverySetting(
  bench: Bench,
  lifetimes: Lifetimes,
  environment: Readonly<Record<string, string>>,
  work: (site: Site) => Promise<Observation[]>,
): Promise<Observation[]> {
  const started = await Promise.allSettled(
    SETTINGS.map(async (setting) => {
      const folder = join(bench.folder, setting.replaceAll(/\W+/g, '-'));
      mkdirSync(folder);
      const long = setting === 'stateless, long token';
      const tokenSeconds = setting === 'stateful' ? null : long ? lifetimes.idle : lifetimes.access;
      const server = await startServer({
        model: modelOf(setting),
        folder,
        environment: {
          COUNTERFOIL_ACCESS_TTL: String(tokenSeconds ?? lifetimes.access),
          COUNTERFOIL_IDLE_TTL: String(lifetimes.idle),
          COUNTERFOIL_ABSOLUTE_TTL: String(lifetimes.absolute),
          ...environment,
        },
      });
      return { setting, server, tokenSeconds };
    }),
  );
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    const together = meeting(running.length);
    const observed = await Promise.all(
      running.map(async ({ setting, server, tokenSeconds }) =>
        work({ ...(await siteOf(setting, server, lifetimes, tokenSeconds)), together }),
      ),
    );
    return observed.flat();
  } finally {
    await Promise.all(running.map(({ server }) => server.end()));
  }
}

function meeting(of: number): () => Promise<void> {
  let arrived = 0;
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return () => {
    arrived += 1;
    if (arrived === of) begin();
    return begun;
  };
}

async function siteOf(
  setting: Setting,
  { url, pid }: Server,
  lifetimes: Lifetimes,
  tokenSeconds: number | null,
): Promise<Omit<Site, 'together'>> {
  await mutate(url, 'register', { ...PERSON, name: 'Visitor' });
  const { data } = await ask(url, '{ serverInfo { idleLifetime } }');
  const info = data?.['serverInfo'] as { idleLifetime: number } | undefined;
  if (info === undefined) throw new Error('the server says nothing of itself');
  const door = new PQueue({ concurrency: SIGN_INS_AT_ONCE });
  return {
    setting,
    url,
    pid,
    lifetimes,
    tokenSeconds,
    ownIdle: info.idleLifetime,
    signIn: (manner) => door.add(() => begin('login', url, PERSON, manner)),
  };
}
