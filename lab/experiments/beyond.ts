/**
 * Doors beyond one machine, for a credential that shall end: another node on the same PostgreSQL, and a service that
 * checks tokens by itself with `counterfoil/verify` and hears of revocations by the feed. Called by the experiments on
 * the stolen phone and on the leaked key.
 */

import type { Bench } from '../harness/experiment.js';
import { Farm } from '../harness/farm/farm.js';
import { verifierCredential } from '../harness/farm/run.js';
import type { Model, Observation } from '../harness/observation.js';
import { startPostgres } from '../harness/postgres.js';
import { openedSince, opensWith, type Trying, untilRefused } from './until-refused.js';

/** A credential that nothing stops is tried so long; the promise of the hybrid model is 5 s. */
const PATIENCE_MS = 6_000;

export type Seen = Omit<Observation, 'model' | 'round'>;

export interface Beyond {
  readonly farm: Farm;
  /** Of the database. */
  readonly url: string;
}

/** Two nodes of a model on a PostgreSQL of their own, and such a service where tokens can be verified elsewhere. */
export async function beyond<Result>(
  { folder, say }: Bench,
  model: Model,
  work: (beyond: Beyond) => Promise<Result>,
): Promise<Result> {
  say('starting PostgreSQL, nodes and a verifier');
  const postgres = await startPostgres();
  const url = postgres.url();
  // A session id is nothing that a verifier could check.
  const verifiers = model === 'stateful' ? [] : (['refuse'] as const);
  const farm = new Farm({ model, databaseUrl: url, folder, nodes: 2, verifiers });
  try {
    await farm.start(verifierCredential);
    return await work({ farm, url });
  } finally {
    await farm.end();
    await postgres.stop();
  }
}

/** Tries the credential at every such door without pause while something ends it, and until it is refused there. */
export async function untilDeadBeyond(
  { farm }: Beyond,
  credential: string,
  end: () => Promise<unknown>,
  patienceMs = PATIENCE_MS,
): Promise<Seen[]> {
  // As the report names them: `readings/beyond.ts`.
  const doors: { process: string; tries: Trying }[] = [
    { process: 'another node on PostgreSQL', tries: untilRefused(opensWith(farm.at(1), credential)) },
    ...farm.verifiers.map(({ url }) => ({
      process: 'a service with the feed',
      tries: untilRefused(verifiedBy(url, credential)),
    })),
  ];
  await Promise.all(doors.map(({ tries }) => tries.begun));
  const sent = performance.now();
  await end();
  const answered = performance.now();
  const patience = setTimeout(() => {
    for (const { tries } of doors) tries.stop();
  }, patienceMs);
  const ends = await Promise.all(
    doors.map(async ({ process, tries }) => ({ process, ...(await tries.done) })),
  );
  clearTimeout(patience);
  return ends.flatMap(({ process, opened, refusedAt }) => {
    const factors = { process };
    const after = openedSince({ opened, refusedAt }, answered);
    const dead = { metric: 'dead', unit: '', factors, value: refusedAt !== null };
    const late = { metric: 'opened after the answer', unit: 'requests', factors, value: after };
    return refusedAt === null
      ? [dead, late]
      : [dead, late, { metric: 'time until dead', unit: 'ms', factors, value: refusedAt - sent }];
  });
}

/** Whether the service takes the token for good. */
function verifiedBy(url: string, token: string): () => Promise<boolean> {
  return async () => {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const { kind } = (await response.json()) as { kind: string };
    return kind === 'verified';
  };
}
