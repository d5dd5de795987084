/**
 * What a growing credential costs: bytes and throughput of the real server as its tokens' claims grow from 0 to 4 kB
 * (`issuer.ts` says how); the same for bare servers, one that verifies each JWT anew and one that finds the claims in a
 * row (`yardstick.ts`); and where servers, a proxy and a browser cut off (`limits.ts`, `browser.ts`). Full mode: 12 steps
 * of about 13 seconds, one of 32 per round, and two of about 6. Quick mode: 5 steps of about 6.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mutate } from '../harness/client.js';
import type { Bench, Experiment, Plan, Step } from '../harness/experiment.js';
import { load, viewerRequests } from '../harness/load.js';
import { MODELS, type Model, type Observation } from '../harness/observation.js';
import { addSessions, addUsers, credentialsOf, makeDatabase } from '../harness/population.js';
import { OPERATOR, startServer } from '../harness/server.js';
import { measureBrowser } from './token-size/browser.js';
import { issuerOf } from './token-size/issuer.js';
import { measureLimits } from './token-size/limits.js';
import { KINDS, measureYardstick } from './token-size/yardstick.js';

const CLAIMS = { quick: [0, 4096], full: [0, 1024, 2048, 4096] } as const;
const CLIENTS = 500;
const CONNECTIONS = 20;

export const experiment: Experiment = {
  name: 'token-size',
  title: 'Growing tokens',
  steps: ({ mode, rounds }: Plan): readonly Step[] => [
    ...Array.from({ length: rounds }, (_, round): Step[] => [
      ...CLAIMS[mode].map((claims) => ({
        id: `claims-${claims}-${round}`,
        label: `${claims} bytes of claims, round ${round + 1}`,
        run: (bench: Bench) => measureModels(claims, round, bench),
      })),
      {
        id: `yardsticks-${round}`,
        label: `bare servers, round ${round + 1}`,
        run: (bench) => measureYardsticks(round, bench),
      },
    ]).flat(),
    { id: 'limits', label: 'limits of servers and of a proxy', run: measureLimits },
    { id: 'browser', label: "the browser's limit of a cookie", run: measureBrowser },
  ],
};

async function measureModels(
  claims: number,
  round: number,
  { plan, folder, say }: Bench,
): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const model of MODELS) {
    say(model);
    const own = join(folder, model);
    mkdirSync(own);
    const seen = await measureModel(model, own, claims, plan);
    observations.push(...seen.map((each) => ({ ...each, model, factors: { claims }, round })));
  }
  return observations;
}

type Seen = Pick<Observation, 'metric' | 'unit' | 'value'>;

async function measureModel(model: Model, folder: string, claims: number, { mode }: Plan): Promise<Seen[]> {
  const environment = { COUNTERFOIL_ISSUER: issuerOf(claims), COUNTERFOIL_AUDIENCE: 'http://localhost:4000' };
  const options = { model, folder, environment };
  await makeDatabase(options);
  addUsers(folder, CLIENTS);
  addSessions(folder, CLIENTS);
  const credentials = await credentialsOf(options, CLIENTS, CLIENTS);
  const server = await startServer(options);
  try {
    const byCookie = await mutate(server.url, 'login', { ...OPERATOR, delivery: 'COOKIE' });
    const loadFor = (seconds: number) =>
      load({
        url: server.url,
        requests: viewerRequests(credentials.map(({ bearer }) => ({ bearer }))),
        connections: CONNECTIONS,
        seconds,
        expect: '"viewer":{"id"',
      });
    if (mode === 'full') await loadFor(1);
    const { requestsPerSecond, latency, bad, answers } = await loadFor(mode === 'quick' ? 0.5 : 2);
    if (bad > 0) throw new Error(`${bad} of the ${model} model's answers were bad`);
    if (answers === 0) throw new Error(`the ${model} model answered nothing in time`);
    return [
      { metric: 'bearer', unit: 'bytes', value: credentials[0]?.bearer.length ?? 0 },
      { metric: 'cookie', unit: 'bytes', value: byCookie.cookie?.length ?? 0 },
      { metric: 'throughput', unit: 'requests/s', value: requestsPerSecond },
      { metric: 'p99', unit: 'ms', value: latency.p99 },
    ];
  } finally {
    await server.end();
  }
}

async function measureYardsticks(round: number, { plan, folder, say }: Bench): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const claims of CLAIMS[plan.mode]) {
    for (const kind of KINDS) {
      say(`${claims} bytes in a ${kind}`);
      const own = join(folder, `${kind}-${claims}`);
      mkdirSync(own);
      observations.push(...(await measureYardstick(kind, claims, { folder: own, round, mode: plan.mode })));
    }
  }
  return observations;
}
