/**
 * The composition root: wires the rooms for one configuration, and owns the order of starting and stopping. Everything
 * that reads a clock, draws randomness or writes a log gets it from here.
 */

import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { countingGate, openGate, REFRESH_RULE } from './account/attempts.js';
import { verifierDoor } from './account/authenticate-verifier.js';
import { createChores } from './account/chores.js';
import { ensureOperator } from './account/ensure-operator.js';
import { introspect } from './account/introspect.js';
import { createKeyring } from './account/keyring.js';
import { openMasterKey } from './account/open-master-key.js';
import { ownSession } from './account/own-session.js';
import type { AccountParts } from './account/parts.js';
import { revokeToken } from './account/revoke-token.js';
import { tendSigningKeys } from './account/signing-keys.js';
import { type Config, isLoopback, playgroundOn } from './config/config.js';
import { databaseOf } from './database.js';
import type { CounterfoilContext } from './graphql/context.js';
import { counterfoilSchema } from './graphql/schema.js';
import { apolloOptions, contextOf } from './http/graphql.js';
import { createMetrics } from './http/metrics.js';
import { guardOrigins } from './http/origin.js';
import type { HttpParts, Readiness } from './http/parts.js';
import { httpPlugin } from './http/plugin.js';
import { createServer } from './http/server.js';
import { KeyRing } from './keys/ring.js';
import { createHasher } from './passwords/hasher.js';
import { createPasswordPolicy } from './passwords/policy.js';
import { Push } from './push/push.js';
import { RevocationFeed } from './revocation/feed.js';
import { RevocationFilter } from './revocation/filter.js';
import { RevocationTail } from './revocation/tail.js';
import { SESSION_MODELS } from './session/models.js';
import type { SessionPolicy } from './session/parts.js';
import type { Store } from './store/ports/store.js';
import { type Clock, systemClock } from './system/clock.js';
import { type Log, silentLog } from './system/log.js';
import { type Randomness, systemRandomness } from './system/randomness.js';
import { VerifiedTokens } from './tokens/verified-tokens.js';

/** What may not be taken from the air; the system's own where it is left out. */
export interface Surroundings {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
}

export interface App {
  readonly config: Config;
  readonly parts: AccountParts;
  readonly http: HttpParts;
  readonly store: Store;
  /** Reads the revocation log, tends the keys and sweeps, until stopped. Resolves once the node knows what is revoked. */
  start(): Promise<void>;
  /** From now on `/readyz` says no. */
  drain(): void;
  stop(): Promise<void>;
  createServer(): ReturnType<typeof createServer>;
  /** The same for a server of somebody else. */
  readonly embedding: Embedding;
}

export interface Embedding {
  /** The context of one request, for an Apollo Server on Fastify. Sets `Cache-Control: no-store` on the reply. */
  context(request: FastifyRequest, reply: FastifyReply): Promise<CounterfoilContext>;
  /** Limits, masking and safe defaults, to spread into `new ApolloServer({ schema, … })`. */
  readonly apolloOptions: ReturnType<typeof apolloOptions>;
  /**
   * For the scope that serves `/graphql`: answers CORS for the allowed origins, and refuses with 403 what pages of any
   * other origin send to its routes. Await it before the routes are added. Without it, cookie delivery is not safe.
   */
  guardOrigins(scope: FastifyInstance): Promise<void>;
  /** `/graphql` with Counterfoil's schema, the console, the JWKS, the metadata, what verifiers call, health and metrics. */
  readonly plugin: FastifyPluginAsync;
  /** The same without `/graphql`, for servers that serve their own. */
  readonly discovery: FastifyPluginAsync;
}

const POLL_EVERY_MS = 50;
const PROCESS_NAME_BYTES = 9;
/** How long before its token expires a client that listens is asked for another. */
const RENEW_AHEAD_MS = 30_000;
/** Enough for what one process serves within an access lifetime; at most some 15 MB. */
const VERIFIED_TOKENS = 10_000;

/** Opens, migrates and wires everything, and makes the first keys; nothing runs until `start`. */
export async function createApp(config: Config, surroundings: Partial<Surroundings> = {}): Promise<App> {
  const { clock = systemClock, randomness = systemRandomness, log = silentLog } = surroundings;
  const { lifetimes } = config;
  const database = await databaseOf(config, randomness);
  await database.migrate();
  const store = database.store();

  const masterKey = await openMasterKey(config.masterKey, store.keys, randomness);
  const ring = new KeyRing(masterKey);
  const tokenLingersMs = lifetimes.accessTtlMs + lifetimes.skewMs + lifetimes.maxStalenessMs;
  const policy = { ...config.keys, tokenLingersMs };
  const keyring = createKeyring({ ring, store: store.keys, vault: { masterKey, randomness }, policy, clock });
  await keyring.prepare();

  const metrics = createMetrics(Buffer.from(randomness.bytes(PROCESS_NAME_BYTES)).toString('base64url'));
  let started = false;
  const filter = new RevocationFilter();
  const feed = new RevocationFeed({ filter, clock, randomness, stalenessMs: () => tail.stalenessMs() });
  const tail: RevocationTail = new RevocationTail({
    log: store.revocations,
    filter,
    clock,
    onEntry: (entry) => {
      // What was written before this process began was not late for it.
      if (started && entry.revocation.kind !== 'keys-changed')
        metrics.felt(Math.max(0, clock.now() - entry.at));
      feed.take(entry);
      push.revoked(entry);
    },
    report: log,
    pollEveryMs: POLL_EVERY_MS,
    maxSkewMs: clock === systemClock ? lifetimes.skewMs : null,
    onKeysChanged: async (revision) => {
      if (revision <= ring.revision) return;
      const adoption = await keyring.reload();
      if (adoption.kind === 'whole') return;
      log.error(
        { event: 'keys.unopened', err: adoption.fault },
        'the key ring has changed and does not open: restart with the present master key',
      );
    },
  });
  const model = SESSION_MODELS[config.model]({
    keys: ring,
    clock,
    randomness,
    policy: sessionPolicy(config),
    verified: new VerifiedTokens(VERIFIED_TOKENS),
    sessions: store.sessions,
    keyStore: store.keys,
    users: store.users,
    audit: store.audit,
    revocations: {
      revokes: (credential) => filter.revokes(credential),
      stalenessMs: () => tail.stalenessMs(),
    },
    refreshLimit: config.rateLimits ? { counters: store.attempts, rule: REFRESH_RULE } : null,
    observer: metrics.observer,
  });
  const { concurrency, queueLimit, cost, minLength, maxLength, contextWords } = config.passwords;
  const hasher = createHasher({ cost, concurrency, queueLimit, randomness, clock });
  const parts: AccountParts = {
    store,
    model,
    hasher,
    passwords: createPasswordPolicy({ minLength, maxLength, contextWords: [...contextWords] }),
    attempts: config.rateLimits ? countingGate(store.attempts) : openGate,
    keyring,
    clock,
    randomness,
    log,
  };
  const push = new Push({
    audit: store.audit,
    clock,
    report: log,
    authenticate: (presented) => model.authenticate(presented),
    // Of a session that nobody keeps, nothing can be known but by its tokens.
    isAlive: async (listener) =>
      model.storedSession(listener.sessionId) === null ||
      (await ownSession(parts, listener, listener.sessionId)) !== null,
    renewAheadMs: Math.min(RENEW_AHEAD_MS, lifetimes.accessTtlMs / 4),
  });
  if (config.operator !== null) await ensureOperator(parts, config.operator);
  metrics.watch({
    argon2: () => hasher.stats(),
    pool: () => store.pool(),
    troubles: () => store.troubles(),
    revocations: () => ({ entries: filter.size, stalenessMs: tail.stalenessMs() }),
    feed: () => feed.figures(),
    push: () => push.figures(),
    keyAges: () =>
      ring.keys().map(({ state, algorithm, publishedAt }) => ({
        state: state.kind,
        algorithm,
        ageMs: clock.now() - publishedAt,
      })),
  });

  let draining = false;
  const readiness = async (): Promise<Readiness> => {
    const problems: string[] = [];
    if (draining) problems.push('shutting down');
    if (tail.stalenessMs() > lifetimes.maxStalenessMs) problems.push('the revocation log is stale');
    await store.ping().catch(() => problems.push('the database does not answer'));
    return { ready: problems.length === 0, problems };
  };
  const http: HttpParts = {
    context: {
      parts,
      facts: factsOf(config),
      follow: (session) => push.follow(session),
      figures: () => metrics.figures(),
    },
    ring,
    clock,
    randomness,
    log,
    verifiers: {
      ...verifierDoor(parts),
      introspect: (token) => introspect(parts, token),
      revoke: (token, revoker) => revokeToken(parts, token, revoker),
    },
    feed,
    push,
    metrics,
    readiness,
    options: {
      issuer: config.issuer,
      audience: config.audience,
      clientId: config.clientId,
      allowedOrigins: config.http.allowedOrigins,
      trustedProxies: config.http.trustedProxies,
      metricsToken: config.http.metricsToken,
      console: config.http.console,
      playground: playgroundOn(config),
      playgroundIsLocal: config.http.playground === 'auto' || isLoopback(config.issuer),
    },
  };
  const chores = createChores(parts, lifetimes, metrics.choreFailed);
  return {
    config,
    parts,
    http,
    store,
    start: async () => {
      await tail.start();
      started = true;
      await tendSigningKeys(parts);
      chores.start();
    },
    drain: () => {
      draining = true;
    },
    stop: async () => {
      draining = true;
      push.stop();
      await chores.stop();
      await tail.stop();
      await store.close();
    },
    createServer: () => createServer(counterfoilSchema(), http),
    embedding: {
      context: (request, reply) => contextOf(http, request, reply),
      apolloOptions: apolloOptions(http),
      guardOrigins: (scope) => guardOrigins(scope, http),
      plugin: (fastify, options) => httpPlugin(http, counterfoilSchema())(fastify, options),
      discovery: httpPlugin(http, null),
    },
  };
}

function sessionPolicy({ issuer, audience, clientId, lifetimes }: Config): SessionPolicy {
  return { issuer, audience, clientId, ...lifetimes };
}

function factsOf({ issuer, lifetimes, passwords }: Config) {
  return {
    issuer,
    ...lifetimes,
    passwordMinLength: passwords.minLength,
    passwordMaxLength: passwords.maxLength,
  };
}
