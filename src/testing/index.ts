/**
 * What users' own tests import: a started instance in memory, a clock that stands still until it is told to go, and
 * contexts for resolver unit tests. Password hashing costs next to nothing here; everything else is the real thing.
 */

import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql';
import { createUser } from '../account/register.js';
import { type App, createApp } from '../app.js';
import { configFrom, type Settings } from '../config/settings.js';
import { auditEvent } from '../entities/audit.js';
import type { Delivery, Session } from '../entities/session.js';
import type { Role, User } from '../entities/user.js';
import { CounterfoilAuthChecker } from '../graphql/auth-checker.js';
import { type CookieJar, type CounterfoilContext, requestContext } from '../graphql/context.js';
import { counterfoilSchema, resolvers } from '../graphql/schema.js';
import type { IssuedTokens } from '../session/contract.js';
import type { Clock } from '../system/clock.js';
import { type Log, silentLog } from '../system/log.js';
import type { Randomness } from '../system/randomness.js';
import { systemRandomness } from '../system/randomness.js';

export interface FakeClock extends Clock {
  /** Lets time pass; milliseconds. */
  advance(milliseconds: number): void;
}

/** Starts at 2026-01-01T00:00:00Z unless told otherwise; milliseconds since the epoch. */
export function fakeClock(startsAt = 1_767_225_600_000): FakeClock {
  let elapsed = 0;
  return {
    now: () => startsAt + elapsed,
    monotonic: () => elapsed,
    advance: (milliseconds) => {
      elapsed += milliseconds;
    },
  };
}

/** Who is to be signed in. A user with that address is made unless there is one. */
export interface Person {
  readonly email?: string;
  readonly name?: string;
  readonly delivery?: Delivery;
  readonly deviceName?: string;
}

/** A context that resolvers accept, of a user who is really signed in. */
export interface SignedInContext extends CounterfoilContext {
  readonly user: User;
  readonly session: Session;
  readonly tokens: IssuedTokens;
}

export interface TestCounterfoil {
  readonly app: App;
  readonly clock: FakeClock;
  readonly schema: GraphQLSchema;
  readonly resolvers: typeof resolvers;
  readonly authChecker: typeof CounterfoilAuthChecker;
  /** A context in which nobody is signed in. */
  anonymous(): Promise<CounterfoilContext>;
  signedInAs(person?: Person, roles?: readonly Role[]): Promise<SignedInContext>;
  /** The context of a request that sends this access token. */
  withToken(accessToken: string): Promise<CounterfoilContext>;
  /** Runs a document against Counterfoil's own schema. */
  run(
    source: string,
    context: CounterfoilContext,
    variables?: Record<string, unknown>,
  ): Promise<ExecutionResult>;
  stop(): Promise<void>;
}

export interface TestOptions {
  readonly settings?: Settings;
  readonly clock?: FakeClock;
  readonly randomness?: Randomness;
  readonly log?: Log;
}

/** The password of everybody whom `signedInAs` makes. */
export const TEST_PASSWORD = 'orchid kettle granite 41';

/** The smallest cost that argon2 takes (RFC 9106 §3.1). */
const CHEAP = { memoryKiB: 8, iterations: 1, parallelism: 1 };
const NOWHERE = { ipAddress: null, clientLabel: null };
const UNSEALING_NOTHING = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

export async function startCounterfoil(options: TestOptions = {}): Promise<TestCounterfoil> {
  const clock = options.clock ?? fakeClock();
  const settings: Settings = { database: 'file::memory:', masterKey: UNSEALING_NOTHING, ...options.settings };
  const config = configFrom(settings);
  const cheap =
    settings.argon2 === undefined ? { ...config, passwords: { ...config.passwords, cost: CHEAP } } : config;
  const { randomness = systemRandomness, log = silentLog } = options;
  const app = await createApp(cheap, { clock, randomness, log });
  await app.start();
  const schema = counterfoilSchema();
  const contextFor = (bearer: string | null) =>
    requestContext(app.http.context, { bearer, cookie: null }, NOWHERE, forgetfulJar);

  return {
    app,
    clock,
    schema,
    resolvers,
    authChecker: CounterfoilAuthChecker,
    anonymous: () => contextFor(null),
    withToken: contextFor,
    signedInAs: async (person = {}, roles = ['USER']) => {
      const user = await findOrCreate(app, person, roles);
      const audit = auditEvent('login.succeeded', clock.now(), { userId: user.id });
      const client = { deviceName: person.deviceName ?? null, ...NOWHERE };
      const signedIn = await app.parts.model.begin(user, {
        delivery: person.delivery ?? 'body',
        client,
        audit,
      });
      if (signedIn === null) throw new Error(`${user.email} is suspended and cannot be signed in.`);
      return { ...(await contextFor(signedIn.tokens.accessToken)), ...signedIn };
    },
    run: (source, contextValue, variableValues) => graphql({ schema, source, contextValue, variableValues }),
    stop: () => app.stop(),
  };
}

async function findOrCreate(app: App, person: Person, roles: readonly Role[]): Promise<User> {
  const email = person.email ?? `${roles.includes('OPERATOR') ? 'operator' : 'user'}@example.test`;
  const found = await app.store.users.credentialsByEmail(email);
  if (found !== null) return found.user;
  const account = { email, password: TEST_PASSWORD, name: person.name ?? null };
  const created = await createUser(app.parts, account, { roles, as: 'user.created', caller: NOWHERE });
  if (created.kind !== 'created') throw new Error(`${email} cannot be made a user: ${created.kind}.`);
  return created.user;
}

/** Unit tests of resolvers have no response to put a cookie on. */
const forgetfulJar: CookieJar = { keep() {}, clear() {} };
