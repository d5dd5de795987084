/**
 * A farm: several servers on one database, a balancer before them, and services that verify their tokens elsewhere, each
 * a process of its own. Nodes can be killed and started again; who asks for one gets one that is up.
 */

import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Model } from '../observation.js';
import { ended, startNode } from '../pinned.js';
import { REPOSITORY, type Server, startServer } from '../server.js';
import { type Balancer, startBalancer } from './balancer.js';

export type WhenStale = 'refuse' | 'introspect';

export interface FarmOptions {
  /** `hybrid` unless given. */
  readonly model?: Model;
  readonly databaseUrl: string;
  /** Where the processes run; holds the master key of all nodes. */
  readonly folder: string;
  readonly nodes: number;
  /** One verifier for each, with what it does when it is stale. */
  readonly verifiers: readonly WhenStale[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface VerifierProcess {
  readonly url: string;
  readonly whenStale: WhenStale;
  end(): Promise<unknown>;
}

/** Of every node on one database. */
const RESTART_MS = 250;
export const MASTER_KEY = 'a0'.repeat(32);

export class Farm {
  readonly #options: FarmOptions;
  readonly #nodes: (Server | null)[] = [];
  readonly verifiers: VerifierProcess[] = [];
  balancer: Balancer | null = null;
  /** When something was last done to the farm, by `performance.now()`. */
  disturbedAt = 0;
  #ended = false;

  constructor(options: FarmOptions) {
    this.#options = options;
  }

  /** `credential` is that of a verifier, made when the first node is up. */
  async start(credential: (url: string) => Promise<string>): Promise<void> {
    const { nodes, verifiers } = this.#options;
    // The first makes the keys; the others would only wait for it.
    this.#nodes.push(await this.#startNode());
    this.#nodes.push(...(await Promise.all(Array.from({ length: nodes - 1 }, () => this.#startNode()))));
    this.balancer = await startBalancer(() => this.up().map(({ url }) => Number(new URL(url).port)));
    const secret = await credential(this.any());
    for (const whenStale of verifiers) this.verifiers.push(await this.#startVerifier(secret, whenStale));
  }

  up(): readonly Server[] {
    return this.#nodes.filter((node) => node !== null);
  }

  /** How many nodes there are when all are up. */
  get size(): number {
    return this.#options.nodes;
  }

  /** The address of one node. Throws while it is down. */
  at(index: number): string {
    const node = this.#nodes[index] ?? null;
    if (node === null) throw new Error('the node is down');
    return node.url;
  }

  /** The address of some node that is up. Throws while none is. */
  any(): string {
    const up = this.up();
    const node = up[randomInt(Math.max(1, up.length))];
    if (node === undefined) throw new Error('no node is up');
    return node.url;
  }

  /** `kill -9` of one node that is up, and a new one in its place once `downMs` are over and the database lets it start. */
  async kill(downMs: number): Promise<void> {
    const victims = this.#nodes.flatMap((node, index) => (node === null ? [] : [index]));
    const index = victims[randomInt(Math.max(1, victims.length))];
    if (index === undefined) return;
    const victim = this.#nodes[index];
    this.#nodes[index] = null;
    await victim?.end('SIGKILL');
    await sleep(downMs);
    while (this.#nodes[index] === null && !this.#ended) {
      const started = await this.#startNode().catch(() => null);
      // As whoever looks after a service would: what does not start is started again.
      if (started === null) await sleep(RESTART_MS);
      else if (this.#ended) await started.end('SIGKILL');
      else this.#nodes[index] = started;
    }
  }

  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.verifiers.map((verifier) => verifier.end()));
    await Promise.all(this.up().map((node) => node.end('SIGKILL')));
    await this.balancer?.close();
  }

  #startNode(): Promise<Server> {
    const { databaseUrl, folder, environment, model = 'hybrid' } = this.#options;
    return startServer({
      model,
      folder,
      side: 'anywhere',
      environment: {
        COUNTERFOIL_DATABASE: databaseUrl,
        COUNTERFOIL_MASTER_KEY: MASTER_KEY,
        ...environment,
      },
    });
  }

  async #startVerifier(credential: string, whenStale: WhenStale): Promise<VerifierProcess> {
    const { model = 'hybrid' } = this.#options;
    const front = this.balancer?.url ?? '';
    const issuer = 'http://localhost:4000';
    const settings = {
      library: pathToFileURL(join(REPOSITORY, 'dist/verify.js')).href,
      issuer,
      audience: issuer,
      model,
      jwksUrl: `${front}/.well-known/jwks.json`,
      revocations: {
        credential,
        url: `${front}/revocations`,
        introspectionUrl: `${front}/oauth/introspect`,
        whenStale,
      },
    };
    const child = startNode({
      line: [join(import.meta.dirname, 'verifier-worker.mjs')],
      side: 'anywhere',
      folder: this.#options.folder,
      environment: { VERIFIER: JSON.stringify(settings) },
    });
    const port = await said(child, /verifies on (\d+)/);
    return { url: `http://localhost:${port}`, whenStale, end: () => ended(child, 'SIGKILL') };
  }
}

function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`the verifier ended with exit code ${code}:\n${text}`)));
    child.stderr?.on('data', (chunk) => {
      text += String(chunk);
      const [, found] = pattern.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
}
