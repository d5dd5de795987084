/** A farm from nothing to its report: a PostgreSQL server of its own, the nodes, the verifiers, the chaos. */

import { mutate } from '../client.js';
import { startPostgres } from '../postgres.js';
import { OPERATOR } from '../server.js';
import { type ChaosPlan, type ChaosReport, runChaos } from './chaos.js';
import { Farm, type FarmOptions } from './farm.js';

/** What the nodes and verifiers of a farm promise, in milliseconds: the default of both. */
export const MAX_STALENESS_MS = 5_000;

export interface FarmRun extends ChaosPlan, Pick<FarmOptions, 'nodes' | 'verifiers'> {
  /** Where the processes run. */
  readonly folder: string;
  readonly say: (what: string) => void;
}

export async function runFarm({ folder, say, nodes, verifiers, ...plan }: FarmRun): Promise<ChaosReport> {
  say('starting PostgreSQL');
  const database = await startPostgres();
  await database.ask('postgres', 'create database farm');
  const url = database.url('farm');
  const farm = new Farm({ databaseUrl: url, folder, nodes, verifiers });
  try {
    say(`starting ${nodes} nodes and ${verifiers.length} verifiers`);
    await farm.start(verifierCredential);
    return await runChaos(farm, { url, pause: database.pause, resume: database.resume }, plan, say);
  } finally {
    await farm.end();
    await database.stop();
  }
}

/** A credential for services that verify, made by the operator at the node of this address. */
export async function verifierCredential(url: string): Promise<string> {
  const { tokens } = await mutate(url, 'login', { ...OPERATOR, delivery: 'BODY' });
  const bearer = tokens?.accessToken ?? '';
  const { credential } = await mutate(url, 'createVerifier', { name: 'farm' }, { bearer });
  if (credential === undefined) throw new Error('no credential for a verifier came');
  return credential;
}
