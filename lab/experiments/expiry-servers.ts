/**
 * What the parts of the experiment on expiry have in common: the settings that are compared, a server for each, and how
 * sign-outs are written down. Servers run side by side, since outcomes are counted and no durations are measured.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { ask, mutate } from '../harness/client.js';
import type { Bench } from '../harness/experiment.js';
import type { Model, Observation } from '../harness/observation.js';
import { type Server, startServer } from '../harness/server.js';
import { begin, type Manner, type Visitor } from './visitor.js';

/** Seconds. */
export interface Lifetimes {
  readonly access: number;
  readonly idle: number;
  readonly absolute: number;
}

/**
 * The stateless model has no idle lifetime but that of its token, so it is tried with a token as short as the hybrid
 * model's and with one as long as the idle lifetime of the others.
 */
export const SETTINGS = ['stateful', 'stateless, short token', 'stateless, long token', 'hybrid'] as const;
export type Setting = (typeof SETTINGS)[number];

/** What a part is given for each setting. */
export interface Site {
  readonly setting: Setting;
  readonly url: string;
  readonly lifetimes: Lifetimes;
  /** The longest life of a token of this setting; null where there are none. Seconds. */
  readonly tokenSeconds: number | null;
  /** The idle lifetime that the server itself promises. Seconds. */
  readonly ownIdle: number;
  signIn(manner: Manner): Promise<Visitor>;
}

export interface Outcome {
  readonly case: string;
  readonly signedOut: boolean;
  /** Whether the idle and absolute lifetimes that were configured for all models alike had not passed. */
  readonly promised: boolean;
  /** The same by the idle lifetime that this server itself promises. */
  readonly ownPromise: boolean;
  /** The machine was too slow for what was to be done at an instant; such an outcome shows nothing. */
  readonly late: boolean;
}

const PERSON = { email: 'visitor@example.test', password: 'copper lantern meadow 83' };
/** Fewer than the server queues, and enough to keep it busy. */
const SIGN_INS_AT_ONCE = 8;

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
    const observed = await Promise.all(
      running.map(async ({ setting, server, tokenSeconds }) =>
        work(await siteOf(setting, server, lifetimes, tokenSeconds)),
      ),
    );
    return observed.flat();
  } finally {
    await Promise.all(running.map(({ server }) => server.end()));
  }
}

async function siteOf(
  setting: Setting,
  { url }: Server,
  lifetimes: Lifetimes,
  tokenSeconds: number | null,
): Promise<Site> {
  await mutate(url, 'register', { ...PERSON, name: 'Visitor' });
  const { data } = await ask(url, '{ serverInfo { idleLifetime } }');
  const info = data?.['serverInfo'] as { idleLifetime: number } | undefined;
  if (info === undefined) throw new Error('the server says nothing of itself');
  const door = new PQueue({ concurrency: SIGN_INS_AT_ONCE });
  return {
    setting,
    url,
    lifetimes,
    tokenSeconds,
    ownIdle: info.idleLifetime,
    signIn: (manner) => door.add(() => begin('login', url, PERSON, manner)),
  };
}

/** Per case how many of how many were signed out, and how many came too late to be counted. */
export function counted(
  setting: Setting,
  family: string,
  round: number,
  outcomes: readonly Outcome[],
): Observation[] {
  return [...new Set(outcomes.map((outcome) => outcome.case))].flatMap((name) => {
    const all = outcomes.filter((outcome) => outcome.case === name);
    const those = all.filter(({ late }) => !late);
    const about = { unit: 'clients', model: modelOf(setting), round };
    const factors = { setting, family, case: name };
    const leftOut = { ...about, metric: 'left out', factors, value: all.length - those.length };
    if (those.length === 0) return [leftOut];
    const promises = {
      promised: those.every(({ promised }) => promised),
      ownPromise: those.every(({ ownPromise }) => ownPromise),
    };
    const signedOut = {
      ...about,
      metric: 'signed out',
      factors: { ...factors, clients: those.length, ...promises },
      value: those.filter((outcome) => outcome.signedOut).length,
    };
    return [signedOut, leftOut];
  });
}
