/**
 * "A stolen phone cannot be logged out": its owner logs out all devices on another one, with few and with very many
 * sessions, while the phone's credential is tried without pause on two processes. `stolen-phone-outlive.ts` then waits
 * for what no logout reaches, and `stolen-phone-beyond.ts` asks how far it does reach. Full mode: 9 steps of 5 to 8 seconds,
 * 9 of 1 to 10, and 9 of about 8 on PostgreSQL. Quick mode: 7 steps of 2 to 8.
 */

import { mutate } from '../harness/client.js';
import type { Bench, Experiment, Mode, Plan, Step } from '../harness/experiment.js';
import { MODELS, type Model, type Observation } from '../harness/observation.js';
import { databaseFile, type Server, startServer } from '../harness/server.js';
import { addSessions } from './many-sessions.js';
import { logOutBeyond } from './stolen-phone-beyond.js';
import { outlive } from './stolen-phone-outlive.js';
import { openedSince, opensWith, untilRefused } from './until-refused.js';

const SESSIONS = {
  quick: [10, 1_000],
  full: [10, 100, 1_000, 10_000, 100_000],
};
/** Owners per number of sessions and step: one mutation alone is a matter of luck. */
const OWNERS = { quick: 1, full: 5 };
/** The models of which it is tried how far a logout reaches. */
const BEYOND: Readonly<Record<Mode, readonly Model[]>> = { quick: ['hybrid'], full: MODELS };
const WARM_UP_SESSIONS = 10;
/** How long a credential that nothing stops is tried after the answer. */
const PATIENCE_MS = 1_000;
const PASSWORD = 'harbour velvet pencil 62';

async function logOutAll(bench: Bench, model: Model, round: number): Promise<Observation[]> {
  const { folder, plan } = bench;
  const observations: Observation[] = [];
  const here = await startServer({ model, folder });
  try {
    const there = await startServer({ model, folder });
    try {
      // A model that keeps no sessions has nothing to put in: its answer is the same for any number.
      const sizes = model === 'stateless' ? SESSIONS[plan.mode].slice(0, 1) : SESSIONS[plan.mode];
      // The first mutation of a fresh process is slow for other reasons than the number of sessions.
      await oneOwner('warming-up', WARM_UP_SESSIONS, { model, folder, here, there });
      for (const sessions of sizes) {
        for (let owner = 0; owner < OWNERS[plan.mode]; owner += 1) {
          bench.say(`an owner of ${sessions} sessions`);
          const found = await oneOwner(`owner-${sessions}-${owner}`, sessions, {
            model,
            folder,
            here,
            there,
          });
          observations.push(...found.map((each) => ({ ...each, model, round })));
        }
      }
    } finally {
      await there.end();
    }
  } finally {
    await here.end();
  }
  return observations;
}

interface Place {
  readonly model: Model;
  readonly folder: string;
  readonly here: Server;
  readonly there: Server;
}

async function oneOwner(
  name: string,
  sessions: number,
  { model, folder, here, there }: Place,
): Promise<Omit<Observation, 'model' | 'round'>[]> {
  const person = { email: `${name}@example.test`, password: PASSWORD };
  // The registration is the first session, the phone the second, the laptop the third.
  const { viewer } = await mutate(here.url, 'register', { ...person, name });
  if (model !== 'stateless') addSessions(databaseFile(folder), viewer?.id ?? '', sessions - 3);
  const phone = await mutate(here.url, 'login', { ...person, deviceName: 'phone' });
  const laptop = await mutate(here.url, 'login', { ...person, deviceName: 'laptop' });
  const stolen = phone.tokens?.accessToken ?? '';

  const doors = [
    { process: 'same process', tries: untilRefused(opensWith(here.url, stolen)) },
    { process: 'second process', tries: untilRefused(opensWith(there.url, stolen)) },
  ];
  await Promise.all(doors.map(({ tries }) => tries.begun));
  const sent = performance.now();
  const bearer = laptop.tokens?.accessToken ?? null;
  const answer = await mutate(here.url, 'logoutAllDevices', {}, { bearer });
  const answered = performance.now();
  const patience = setTimeout(() => {
    for (const { tries } of doors) tries.stop();
  }, PATIENCE_MS);
  const ends = await Promise.all(
    doors.map(async ({ process, tries }) => ({ process, ...(await tries.done) })),
  );
  clearTimeout(patience);

  const factors = { sessions };
  return [
    { metric: 'answer', unit: '', factors, value: answer.__typename },
    { metric: 'logout of all', unit: 'ms', factors, value: answered - sent },
    ...(answer.sessionsEnded === undefined
      ? []
      : [{ metric: 'sessions ended', unit: 'sessions', factors, value: answer.sessionsEnded }]),
    ...ends.flatMap((end) => {
      const where = { ...factors, process: end.process };
      const after = openedSince(end, answered);
      return [
        { metric: 'dead', unit: '', factors: where, value: end.refusedAt !== null },
        { metric: 'opened after the answer', unit: 'requests', factors: where, value: after },
        ...(end.refusedAt === null
          ? []
          : [{ metric: 'time until dead', unit: 'ms', factors: where, value: end.refusedAt - sent }]),
      ];
    }),
  ];
}

function steps(plan: Plan): Step[] {
  return Array.from({ length: plan.rounds }, (_, round) =>
    MODELS.flatMap((model): Step[] => [
      {
        id: `logout-${model}-${round}`,
        label: `${model}: logging out all devices`,
        run: (bench) => logOutAll(bench, model, round),
      },
      ...(BEYOND[plan.mode].includes(model)
        ? [
            {
              id: `beyond-${model}-${round}`,
              label: `${model}: nodes on PostgreSQL, a service with the feed`,
              run: (bench: Bench) => logOutBeyond(bench, model, round),
            },
          ]
        : []),
      {
        id: `outlive-${model}-${round}`,
        label: `${model}: what outlives the logout`,
        run: (bench) => outlive(bench, model, round),
      },
    ]),
  ).flat();
}

export const experiment: Experiment = {
  name: 'stolen-phone',
  title: 'A stolen phone',
  steps,
};
