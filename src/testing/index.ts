/**
 * What users' own tests import: a started instance in memory, a clock that stands still until it is told to go, and
 * contexts for resolver unit tests. Password hashing costs next to nothing here; everything else is the real thing, so
 * that roles, expiry and revocation behave as they do in production.
 */

import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql';
import { createUser } from '../account/register.js';
import { type App, createApp, type Embedding } from '../app.js';
import { configFrom, type Settings } from '../config/settings.js';
import { auditEvent } from '../entities/audit.js';
import type { Delivery, Session } from '../entities/session.js';
import type { Role, User } from '../entities/user.js';
import { CounterfoilAuthChecker } from '../graphql/auth-checker.js';
import { type CookieJar, type CounterfoilContext, requestContext } from '../graphql/context.js';
import { counterfoilSchema, resolvers, subscriptionResolvers } from '../graphql/schema.js';
import {
  type IssuedTokens,
  NOTHING_PRESENTED,
  type PresentedCredentials,
  type SignedIn,
} from '../session/contract.js';
import { type Log, silentLog } from '../system/log.js';
import { type Randomness, systemRandomness } from '../system/randomness.js';
import { type FakeClock, fakeClock } from './clock.js';

export { type FakeClock, fakeClock } from './clock.js';

/** Who is to be signed in. Whoever has the address already is signed in again; otherwise a user is made. */
export interface Person {
  /** `user@example.test` unless given; `operator@example.test` for an operator. */
  readonly email?: string;
  readonly name?: string;
  /** Where the refresh token travels: `body` unless given. */
  readonly delivery?: Delivery;
  readonly deviceName?: string;
}

/**
 * The context of one request of a user who is really signed in, and what their client would know. As in production, who
 * calls is settled when the context is made: for a later request make another, by `withToken`.
 */
export interface SignedInContext extends CounterfoilContext {
  readonly user: User;
  readonly session: Session;
  readonly tokens: IssuedTokens;
}

/** All that `createCounterfoil` gives, so that a server under test takes either; and what tests need besides. */
export interface TestCounterfoil extends Embedding {
  readonly resolvers: typeof resolvers;
  readonly subscriptionResolvers: typeof subscriptionResolvers;
  readonly authChecker: typeof CounterfoilAuthChecker;
  /** Counterfoil's schema alone. */
  readonly schema: GraphQLSchema;
  /** Everything inside. Not covered by semantic versioning. */
  readonly app: App;
  /** The only clock that this instance knows. */
  readonly clock: FakeClock;
  /** The context of a request without credentials. */
  anonymous(): Promise<CounterfoilContext>;
  /**
   * The context of a request of a user who has just signed in on a device of their own. Roles are `['USER']` unless
   * given. Rejects when the user exists with other roles, or is suspended.
   */
  signedInAs(person?: Person, roles?: readonly Role[]): Promise<SignedInContext>;
  /** The context of a request that sends this access token, be it good or not. */
  withToken(accessToken: string): Promise<CounterfoilContext>;
  /** Runs a document against Counterfoil's own schema. For a schema of your own, call graphql-js with a context of ours. */
  run(
    source: string,
    context: CounterfoilContext,
    variables?: Record<string, unknown>,
  ): Promise<ExecutionResult>;
  /** Stops the chores and forgets everything. */
  stop(): Promise<void>;
}

export interface TestOptions {
  /** As for `createCounterfoil`; what is left out lives in memory and hashes cheaply. */
  readonly settings?: Settings;
  /** To share one clock with what else is under test. */
  readonly clock?: FakeClock;
  readonly randomness?: Randomness;
  /** Silent unless given. */
  readonly log?: Log;
}

/** The password of everybody whom `signedInAs` makes. */
export const TEST_PASSWORD = 'orchid kettle granite 41';

/** The smallest cost that argon2 takes (RFC 9106 §3.1). */
const CHEAP = { memoryKiB: 8, iterations: 1, parallelism: 1 };
const NOWHERE = { ipAddress: null, clientLabel: null };
const UNSEALING_NOTHING = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

/** Starts an instance that nobody else can see. Throws `ConfigurationError` where the settings cannot be used. */
export async function startCounterfoil(options: TestOptions = {}): Promise<TestCounterfoil> {
  const { clock = fakeClock(), randomness = systemRandomness, log = silentLog } = options;
  const settings: Settings = { database: 'file::memory:', masterKey: UNSEALING_NOTHING, ...options.settings };
  const config = configFrom(settings);
  const cheap =
    settings.argon2 === undefined ? { ...config, passwords: { ...config.passwords, cost: CHEAP } } : config;
  const app = await createApp(cheap, { clock, randomness, log });
  await app.start();
  const schema = counterfoilSchema();
  const contextOf = (presented: PresentedCredentials) =>
    requestContext(app.http.context, presented, NOWHERE, forgetfulJar);

  async function signedInAs(person: Person = {}, roles?: readonly Role[]): Promise<SignedInContext> {
    const signedIn = await signIn(app, await findOrCreate(app, person, roles), person);
    return { ...(await contextOf(heldBy(signedIn))), ...signedIn };
  }

  return {
    ...app.embedding,
    resolvers,
    subscriptionResolvers,
    authChecker: CounterfoilAuthChecker,
    schema,
    app,
    clock,
    anonymous: () => contextOf(NOTHING_PRESENTED),
    withToken: (bearer) => contextOf({ bearer, cookie: null }),
    signedInAs,
    run: (source, contextValue, variableValues) => graphql({ schema, source, contextValue, variableValues }),
    stop: () => app.stop(),
  };
}

/** What a client sends that was signed in so: a model's only token travels in the cookie where there is one. */
function heldBy({ session, tokens: { accessToken, refreshToken } }: SignedIn): PresentedCredentials {
  if (session.delivery === 'body') return { bearer: accessToken, cookie: null };
  return { bearer: refreshToken && accessToken, cookie: refreshToken ?? accessToken };
}

async function signIn({ parts }: App, user: User, { delivery = 'body', deviceName }: Person) {
  const audit = auditEvent('login.succeeded', parts.clock.now(), { userId: user.id });
  const client = { deviceName: deviceName ?? null, ...NOWHERE };
  const signedIn = await parts.model.begin(user, { delivery, client, audit });
  if (signedIn === null) throw new Error(`${user.email} is suspended and cannot be signed in.`);
  return signedIn;
}

async function findOrCreate(app: App, person: Person, roles?: readonly Role[]): Promise<User> {
  const email = person.email ?? (roles?.includes('OPERATOR') ? 'operator@example.test' : 'user@example.test');
  const found = await app.store.users.credentialsByEmail(email);
  if (found !== null) return withRoles(found.user, roles);
  const account = { email, password: TEST_PASSWORD, name: person.name ?? null };
  const admission = { roles: roles ?? ['USER'], as: 'user.created', caller: NOWHERE } as const;
  const created = await createUser(app.parts, account, admission);
  if (created.kind !== 'created') throw new Error(`${email} cannot be made a user: ${created.kind}.`);
  return created.user;
}

/** A test that signs in an operator as a mere user, or the reverse, would prove something else than it says. */
function withRoles(user: User, roles: readonly Role[] = user.roles): User {
  const same = roles.length === user.roles.length && roles.every((role) => user.roles.includes(role));
  if (!same) throw new Error(`${user.email} exists with the roles ${user.roles}, not ${roles}.`);
  return user;
}

/** Unit tests of resolvers have no response to put a cookie on. */
const forgetfulJar: CookieJar = { keep() {}, clear() {} };
