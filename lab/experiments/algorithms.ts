/**
 * A change of the signing algorithm while clients are at work: ES256 → EdDSA → RS256 → ML-DSA-44 on the real server, and
 * what each algorithm costs in bytes and in microseconds (`algorithms/costs.ts`). The stateful model signs nothing and
 * has nothing to migrate. Full mode: 6 steps of about 10 seconds, since RSA
 * keys are slow to make, and 3 of about 3. Quick mode: 2 of about 4, 1 of 2.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { mutate } from '../harness/client.js';
import type { Bench, Experiment, Plan, Step } from '../harness/experiment.js';
import type { Model, Observation } from '../harness/observation.js';
import { addSessions, addUsers, credentialsOf, makeDatabase } from '../harness/population.js';
import { OPERATOR, startServer } from '../harness/server.js';
import { algorithmOf, type Party, startClients } from './algorithms/clients.js';
import { measureCosts } from './algorithms/costs.js';

const MODELS = ['stateless', 'hybrid'] as const satisfies readonly Model[];
/** The schema's spellings; a database begins with the first. */
const PATHS = {
  // Without RSA, whose keys are slow to make.
  quick: ['ES256', 'EdDSA', 'ML_DSA_44'],
  full: ['ES256', 'EdDSA', 'RS256', 'ML_DSA_44'],
} as const;
const CLIENTS = 20;
/** How long clients work after each change. */
const PHASE_MS = { quick: 400, full: 2_500 } as const;
/** Keys sign as soon as they are asked to. The usual hour before is for verifiers elsewhere. */
const ENVIRONMENT = { COUNTERFOIL_KEY_PUBLISH_LEAD: '0' };

export const experiment: Experiment = {
  name: 'algorithms',
  title: 'Algorithms age',
  steps: ({ mode, rounds }: Plan): readonly Step[] =>
    Array.from({ length: rounds }, (_, round): Step[] => [
      ...MODELS.map((model) => ({
        id: `migration-${model}-${round}`,
        label: `migration, ${model}, round ${round + 1}`,
        run: (bench: Bench) => migrate(model, round, bench),
      })),
      {
        id: `costs-${round}`,
        label: `signing and verifying, round ${round + 1}`,
        run: async () => measureCosts(round, mode === 'quick' ? 200 : 1_000),
      },
    ]).flat(),
};

async function migrate(model: Model, round: number, { plan, folder, say }: Bench): Promise<Observation[]> {
  const options = { model, folder, environment: ENVIRONMENT };
  await makeDatabase(options);
  addUsers(folder, CLIENTS);
  addSessions(folder, CLIENTS);
  const credentials = await credentialsOf(options, CLIENTS, CLIENTS);
  const server = await startServer(options);
  const { tokens } = await mutate(server.url, 'login', { ...OPERATOR, delivery: 'BODY' });
  const bearer = tokens?.accessToken ?? '';
  const clients = startClients(server.url, model, credentials);
  try {
    const observations: Observation[] = [];
    for (const algorithm of PATHS[plan.mode]) {
      say(algorithm);
      const about = { model, round };
      const factors = { algorithm: algorithm.replaceAll('_', '-') };
      clients.count();
      const rotated = algorithm === PATHS[plan.mode][0] ? null : await rotate(server.url, algorithm, bearer);
      const done = rotated === null || rotated.done;
      observations.push({ ...about, factors, metric: 'supported', unit: '', value: done });
      if (!done) continue;
      if (rotated !== null) {
        const during = { ...factors, phase: 'change' };
        observations.push({ ...about, factors, metric: 'rotation', unit: 'ms', value: rotated.ms });
        observations.push(...clients.count().map((each) => ({ ...about, factors: during, ...each })));
      }
      await pause(PHASE_MS[plan.mode]);
      const after = { ...factors, phase: 'after' };
      observations.push(...clients.count().map((each) => ({ ...about, factors: after, ...each })));
      const signed = clients.tokens().filter((token) => algorithmOf(token) === factors.algorithm);
      observations.push({ ...about, factors, metric: 'clients moved', unit: '', value: signed.length });
      const [token] = signed;
      if (token !== undefined)
        observations.push({ ...about, factors, metric: 'token', unit: 'bytes', value: token.length });
    }
    return [...observations, ...(await stopped(clients)).map((each) => ({ ...each, model, round }))];
  } finally {
    await clients.stop();
    await server.end();
  }
}

/** By the operator, who goes on with the token of the first key: a client like any other. */
async function rotate(
  url: string,
  algorithm: string,
  bearer: string,
): Promise<{ done: boolean; ms: number }> {
  const began = performance.now();
  const { __typename } = await mutate(url, 'rotateSigningKey', { algorithm, force: true }, { bearer });
  const done = __typename === 'RotateSigningKeySuccess';
  if (!done && __typename !== 'UnsupportedAlgorithm')
    throw new Error(`the rotation was answered with ${__typename}`);
  return { done, ms: performance.now() - began };
}

/** What all phases and all changes between them came to. */
async function stopped(
  clients: Party,
): Promise<Pick<Observation, 'metric' | 'unit' | 'factors' | 'value'>[]> {
  const { requests, renewals, refused } = await clients.stop();
  const about = { unit: '', factors: {} };
  return [
    { ...about, metric: 'all requests', value: requests },
    { ...about, metric: 'all renewals', value: renewals },
    { ...about, metric: 'all refused', value: refused },
  ];
}
