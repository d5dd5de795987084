/**
 * Failover to a standby, with real servers: two nodes of Counterfoil reach PostgreSQL at one address, behind which the
 * primary is killed and its standby promoted. What the standby had not received is lost, as it is in life.
 */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Balancer, startBalancer } from '../../lab/harness/farm/balancer.js';
import { type PostgresServer, type PostgresStandby, startPostgres } from '../../lab/harness/postgres.js';
import type { Tokens } from '../support/mutation.js';
import { ask, endAll, mutate, type ServerProcess, startServer, whoIs } from '../support/server-process.js';

const PASSWORD = 'orchid kettle granite 41';
const CLIENTS = 5;
const LOST_ROTATIONS = 3;
const PATIENCE_MS = 20_000;
const TIMEOUT_MS = 120_000;

const LOGOUT = 'mutation { logout { accessTokensDeadBy } }';
const LOGOUT_ALL =
  'mutation { logoutAllDevices(input: {}) { ... on LogoutAllDevicesSuccess { accessTokensDeadBy } } }';

interface Held {
  readonly access: string;
  readonly refresh: string;
}

/** A primary and its standby. The way of the nodes to the database, and that of the standby to the primary, can be cut. */
class Pair {
  readonly folder = mkdtempSync(join(tmpdir(), 'counterfoil-failover-'));
  readonly nodes: ServerProcess[] = [];

  private constructor(
    private readonly primary: PostgresServer,
    private readonly standby: PostgresStandby,
    private readonly address: Balancer,
    private readonly replication: Balancer,
    /** The ports behind the two addresses; empty where nothing answers. */
    private readonly routes: { address: number[]; replication: number[] },
  ) {}

  static async start(synchronous: boolean): Promise<Pair> {
    const primary = await startPostgres();
    const routes = { address: [primary.port], replication: [primary.port] };
    const address = await startBalancer(() => routes.address);
    const replication = await startBalancer(() => routes.replication);
    const standby = await primary.standby({ primaryPort: Number(new URL(replication.url).port) });
    if (synchronous) await primary.waitForStandby();
    const pair = new Pair(primary, standby, address, replication, routes);
    for (let n = 0; n < 2; n += 1) pair.nodes.push(await pair.#startNode());
    return pair;
  }

  /** A node that is up, by turns. */
  url(n: number): string {
    return this.nodes[n % this.nodes.length]?.url ?? '';
  }

  /** Resolves once the standby has all that the primary has. */
  replicated(): Promise<void> {
    return this.standby.caughtUpWith(this.primary);
  }

  /** From now on the standby receives nothing more. */
  cutReplication(): void {
    this.routes.replication = [];
    this.replication.cut();
  }

  /** The primary dies, the standby takes over, and the nodes find it where the other was. */
  async failOver(): Promise<void> {
    await this.primary.kill();
    await this.standby.promote();
    this.routes.address = [this.standby.port];
    this.address.cut();
  }

  async end(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.end('SIGKILL')));
    await Promise.all([this.primary.stop(), this.standby.stop()]);
    await Promise.all([this.address.close(), this.replication.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #startNode(): Promise<ServerProcess> {
    const url = new URL(this.primary.url());
    url.port = new URL(this.address.url).port;
    return startServer(this.folder, {
      COUNTERFOIL_DATABASE: url.href,
      COUNTERFOIL_MASTER_KEY: 'b1'.repeat(32),
    });
  }
}

function held(tokens: Tokens | null | undefined): Held {
  if (!tokens?.refreshToken) throw new Error('no tokens came');
  return { access: tokens.accessToken, refresh: tokens.refreshToken };
}

async function signUp(url: string): Promise<Held> {
  const email = `${randomUUID()}@example.test`;
  return held((await mutate(url, 'register', { email, password: PASSWORD })).tokens);
}

/** What a refresh with an idempotency key of its own comes to, and the tokens then held. */
async function refreshed(url: string, refreshToken: string, idempotencyKey: string = randomUUID()) {
  const { __typename, tokens } = await mutate(url, 'refresh', { refreshToken, idempotencyKey });
  return { outcome: __typename, held: tokens ? held(tokens) : null };
}

/** Asks until there is an answer that decides something; nothing else counts as one. */
async function eventually<Result>(question: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  for (;;) {
    try {
      return await question();
    } catch (fault) {
      if (performance.now() - start > PATIENCE_MS) throw fault;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function decided(url: string, access: string): Promise<string> {
  const outcome = await whoIs(url, access);
  if (outcome === 'UNAVAILABLE') throw new Error('undecided');
  return outcome;
}

let pair: Pair | null = null;
afterEach(async () => {
  await pair?.end();
  pair = null;
  await endAll();
});

describe('failover to an asynchronous standby that lacks the last rotations', { timeout: TIMEOUT_MS }, () => {
  it('signs out nobody, and a thief is still found out', async () => {
    pair = await Pair.start(false);
    const world = pair;
    const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => signUp(world.url(n))));
    const victim = await signUp(world.url(0));
    // The thief copied what the victim held before it went on.
    const stolen = victim.refresh;
    let own = (await refreshed(world.url(1), victim.refresh)).held ?? victim;
    await world.replicated();

    world.cutReplication();
    for (let n = 0; n < LOST_ROTATIONS; n += 1) {
      for (const [index, client] of clients.entries()) {
        const { held: next } = await refreshed(world.url(index + n), client.refresh);
        clients[index] = next ?? client;
      }
      own = (await refreshed(world.url(n), own.refresh)).held ?? own;
    }
    await world.failOver();

    for (const [index, client] of clients.entries()) {
      const first = await eventually(() => refreshed(world.url(index), client.refresh));
      expect(first.outcome).toBe('RefreshSuccess');
      const second = await refreshed(world.url(index + 1), first.held?.refresh ?? '');
      expect(second.outcome).toBe('RefreshSuccess');
      expect(await eventually(() => decided(world.url(index), second.held?.access ?? ''))).not.toBe(
        'UNAUTHENTICATED',
      );
    }
    const after = await eventually(() => refreshed(world.url(0), own.refresh));
    expect(after.outcome).toBe('RefreshSuccess');
    expect((await refreshed(world.url(1), stolen)).outcome).toBe('RefreshTokenReused');
    expect((await refreshed(world.url(0), after.held?.refresh ?? '')).outcome).toBe('SessionEnded');
  });
});

describe('failover to a synchronous standby', { timeout: TIMEOUT_MS }, () => {
  it('loses no logout that was acknowledged, and acknowledges none that it could lose', async () => {
    pair = await Pair.start(true);
    const world = pair;
    const leavers = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => signUp(world.url(n))));
    const stayer = await signUp(world.url(1));
    const acknowledged: { readonly leaver: Held; readonly node: number }[] = [];
    for (const [n, leaver] of leavers.entries()) {
      const document = n % 2 === 0 ? LOGOUT : LOGOUT_ALL;
      const { data } = await ask(world.url(n), document, {}, leaver.access);
      if (data) acknowledged.push({ leaver, node: n });
    }
    expect(acknowledged).toHaveLength(CLIENTS);

    const late = await signUp(world.url(0));
    world.cutReplication();
    // The standby cannot have it, so the answer waits; whoever waits for it has been promised nothing.
    let answered = false;
    const waiting = ask(world.url(0), LOGOUT, {}, late.access).then(
      ({ data }) => {
        answered = Boolean(data);
      },
      () => {},
    );
    const rotated = await refreshed(world.url(1), stayer.refresh);
    expect(rotated.outcome).toBe('RefreshSuccess');
    expect(answered).toBe(false);
    await world.failOver();
    // Where the new primary is there in time, the node does it again there, and may say so.
    await waiting;
    if (answered) acknowledged.push({ leaver: late, node: 0 });

    // Where it was acknowledged; the other node may hear of the last one a moment later.
    for (const { leaver, node } of acknowledged) {
      expect(await eventually(() => decided(world.url(node), leaver.access))).toBe('UNAUTHENTICATED');
      const { outcome } = await eventually(() => refreshed(world.url(node), leaver.refresh));
      expect(outcome).toBe('SessionEnded');
    }
    const goesOn = await eventually(() => refreshed(world.url(0), rotated.held?.refresh ?? ''));
    expect(goesOn.outcome).toBe('RefreshSuccess');
  });
});
