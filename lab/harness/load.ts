/** Load on a server, by autocannon in a process on the load's core: throughput and latencies of one kind of request. */

import { join } from 'node:path';
import { ended, startNode } from './pinned.js';
import { REPOSITORY } from './server.js';

export interface LoadRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LoadOptions {
  readonly url: string;
  readonly path?: string;
  readonly method?: 'GET' | 'POST';
  /** Sent in turn, each connection beginning elsewhere. At least one. */
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  readonly seconds: number;
  /** A part of every good answer's body; what lacks it counts as bad. */
  readonly expect: string;
}

export interface LoadFigures {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly latency: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly most: number;
  };
  readonly answers: number;
  /** Other statuses than 2xx, bodies without what was expected, broken connections, timeouts. */
  readonly bad: number;
}

/** How often a server that has not come to its first answer is given twice the time. */
const PATIENCE = 3;

/**
 * Rejects where the load could not be made at all; bad answers are figures. Where nothing was answered in the time, which
 * a cold server on a busy machine may need for its first answer, more time is given, so the time is no figure.
 */
export async function load(options: LoadOptions): Promise<LoadFigures> {
  let figures = await loadOnce(options);
  for (let more = 1; figures.answers + figures.bad === 0 && more <= PATIENCE; more += 1)
    figures = await loadOnce({ ...options, seconds: options.seconds * 2 ** more });
  return figures;
}

async function loadOnce(options: LoadOptions): Promise<LoadFigures> {
  const child = startNode({
    line: [join(REPOSITORY, 'lab/harness/load-worker.mjs')],
    side: 'load',
    folder: REPOSITORY,
    environment: {},
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk) => out.push(chunk));
  child.stderr?.on('data', (chunk) => err.push(chunk));
  child.stdin?.end(JSON.stringify({ path: '/graphql', method: 'POST', ...options }));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  await ended(child, 'SIGKILL');
  if (code !== 0) throw new Error(`the load failed:\n${Buffer.concat(err)}`);
  return JSON.parse(Buffer.concat(out).toString()) as LoadFigures;
}

/** A `viewer` request for each credential: what "an authenticated request" means in every experiment. */
export function viewerRequests(
  credentials: readonly { readonly bearer?: string; readonly cookie?: string }[],
): LoadRequest[] {
  const body = JSON.stringify({ query: '{ viewer { id email } }' });
  return credentials.map(({ bearer, cookie }) => ({
    body,
    headers: {
      'content-type': 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(cookie === undefined ? {} : { cookie: `__Host-counterfoil=${cookie}` }),
    },
  }));
}
