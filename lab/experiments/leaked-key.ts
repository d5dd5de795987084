/**
 * "One leaked key compromises all": the real private key is taken out of the database and used to forge tokens; then
 * the operator revokes it, while the forgery is tried without pause on two processes. At the end every honest user
 * comes by, and it is counted who must sign in again. `leaked-key-beyond.ts` does the same
 * on PostgreSQL. Full mode: 9 steps of about 4 seconds, and 6 of about 8. Quick mode: 4 steps of 3 to 8.
 */

import { ask, mutate, type Payload } from '../harness/client.js';
import type { Bench, Experiment, Mode, Plan, Step } from '../harness/experiment.js';
import { MODELS, type Model, type Observation } from '../harness/observation.js';
import { OPERATOR, startServer } from '../harness/server.js';
import { stealSigningKey } from './forgery.js';
import { revokeBeyond } from './leaked-key-beyond.js';
import { comeBack, launder, type Note, revoke, type Scene } from './leaked-key-revoked.js';
import { type Target, TRIES } from './leaked-key-tries.js';
import { begin, type Manner, type Visitor } from './visitor.js';

const HONEST = { quick: 20, full: 200 };
/** The models of which it is tried how far a revocation reaches. */
const BEYOND: Readonly<Record<Mode, readonly Model[]>> = { quick: ['hybrid'], full: ['stateless', 'hybrid'] };
const PASSWORD = 'willow anchor satchel 27';
const PLAIN: Manner = { renews: 'when refused', now: Date.now, skewMs: 0, marginMs: 0 };

async function measure(bench: Bench, model: Model, round: number): Promise<Observation[]> {
  const observations: Observation[] = [];
  const note: Note = (metric, unit, value, factors = {}) =>
    observations.push({ metric, unit, model, factors, round, value });
  const { folder } = bench;
  const here = await startServer({ model, folder });
  try {
    const there = await startServer({ model, folder });
    try {
      bench.say('honest users sign in');
      const honest = await people(here.url, HONEST[bench.plan.mode]);
      const scene: Scene = { target: await targetOf(here.url), folder, here, there, honest, note };
      bench.say('forging');
      await tryEverything(scene);
      await revoke(scene);
      await comeBack(scene);
      await launder(scene);
    } finally {
      await there.end();
    }
  } finally {
    await here.end();
  }
  return observations;
}

async function people(url: string, count: number): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  for (let n = 0; n < count; n += 1) {
    const person = { email: `honest-${n}@example.test`, password: PASSWORD };
    visitors.push(await begin('register', url, person, PLAIN));
  }
  return visitors;
}

async function targetOf(url: string): Promise<Target> {
  const { data } = await ask(url, '{ serverInfo { issuer accessTokenLifetime sessionModel } }');
  const info = data?.['serverInfo'] as
    | { issuer: string; accessTokenLifetime: number; sessionModel: string }
    | undefined;
  if (info === undefined) throw new Error('the server says nothing of itself');
  const newcomer = (name: string) =>
    mutate(url, 'register', { email: `${name}@example.test`, password: PASSWORD, name });
  const victim = await newcomer('victim');
  const veteran = await newcomer('veteran');
  const survivor = await newcomer('survivor');
  const operator = await mutate(url, 'login', OPERATOR);
  // The stateless model declines, and then there is no other epoch.
  await mutate(url, 'logoutAllDevices', {}, { bearer: veteran.tokens?.accessToken ?? null });
  return {
    url,
    issuer: info.issuer,
    accessSeconds: info.accessTokenLifetime,
    model: info.sessionModel,
    victim: personOf(victim),
    veteran: personOf(veteran),
    survivor: personOf(survivor),
    operatorId: operator.viewer?.id ?? '',
  };
}

function personOf({ viewer, session }: Payload) {
  return { userId: viewer?.id ?? '', sessionId: session?.id ?? '' };
}

async function tryEverything({ folder, target, note }: Scene): Promise<void> {
  const key = await stealSigningKey(folder);
  for (const [name, attempt] of Object.entries(TRIES))
    note('accepted', '', await attempt(key, target), { forgery: name });
}

function steps(plan: Plan): Step[] {
  return Array.from({ length: plan.rounds }, (_, round) =>
    MODELS.flatMap((model): Step[] => [
      {
        id: `${model}-${round}`,
        label: `${model}: forging, revoking`,
        run: (bench) => measure(bench, model, round),
      },
      // Where nothing can be forged there is nothing to be refused.
      ...(BEYOND[plan.mode].includes(model)
        ? [
            {
              id: `beyond-${model}-${round}`,
              label: `${model}: nodes on PostgreSQL, a service with the feed`,
              run: (bench: Bench) => revokeBeyond(bench, model, round),
            },
          ]
        : []),
    ]),
  ).flat();
}

export const experiment: Experiment = {
  name: 'leaked-key',
  title: 'A leaked signing key',
  steps,
};
