/**
 * A session model over a real store whose every read and write is counted, two nodes of it, and what an attacker may
 * have got hold of. Made anew for each measurement.
 */

import { auditEvent } from '../../../src/entities/audit.js';
import type { RevocationEntry } from '../../../src/entities/revocation.js';
import type { ClientDescription, Delivery } from '../../../src/entities/session.js';
import type { ModelName } from '../../../src/entities/session-model.js';
import type { User } from '../../../src/entities/user.js';
import { RevocationFilter } from '../../../src/revocation/filter.js';
import type {
  IssuedTokens,
  PresentedCredentials,
  SessionModel,
  SignedIn,
} from '../../../src/session/contract.js';
import type { Guarantees } from '../../../src/session/guarantees.js';
import { SESSION_MODELS } from '../../../src/session/models.js';
import type { SessionPolicy } from '../../../src/session/parts.js';
import { VerifiedTokens } from '../../../src/tokens/verified-tokens.js';
import {
  type FakeClock,
  type SharedDatabase,
  sharedDatabase,
  startCounterfoil,
  type TestCounterfoil,
} from '../../support/counterfoil.js';

export interface Counts {
  reads: number;
  writes: number;
}

export interface World {
  /** Hears of each revocation as it is written. */
  readonly model: SessionModel;
  /** Another process on the same database that has heard of no revocation since the last `readLog`. */
  readonly elsewhere: SessionModel;
  /** A process that is started on the same database with another model. */
  of(name: ModelName): SessionModel;
  /** Brings `elsewhere` up to date. */
  readLog(): void;
  readonly policy: SessionPolicy;
  readonly clock: FakeClock;
  readonly counterfoil: TestCounterfoil;
  /** Of the calls that `model` made of its store. */
  readonly counts: Counts;
  user(email?: string): Promise<User>;
  signIn(user: User, delivery?: Delivery): Promise<SignedIn>;
  readonly database: SharedDatabase;
  stop(): Promise<void>;
}

/** Seconds. Short, so that a session can be lived through renewal by renewal. */
const LIFETIMES = { accessTtl: 300, idleTtl: 1_200, absoluteTtl: 6_000 };

const CLIENT: ClientDescription = { deviceName: 'Phone', clientLabel: null, ipAddress: null };
const READS = new Set(['find', 'listLive', 'list', 'loginAddresses', 'read', 'load', 'inForce', 'waitFor']);

/** `stated` are the guarantees that the model claims; its own unless a test misstates them. */
export async function makeWorld(name: ModelName, stated: Partial<Guarantees> = {}): Promise<World> {
  const database = await sharedDatabase();
  const counterfoil = await startCounterfoil({
    settings: { model: name, database: database.setting, ...LIFETIMES },
  });
  const { app, clock } = counterfoil;
  const { issuer, audience, clientId, lifetimes } = app.config;
  const policy: SessionPolicy = { issuer, audience, clientId, ...lifetimes };
  const counts: Counts = { reads: 0, writes: 0 };

  const node = (filter: RevocationFilter, stalenessMs: () => number, counted: Counts, of = name) => {
    const model = SESSION_MODELS[of]({
      keys: app.parts.keyring.ring,
      clock,
      randomness: app.parts.randomness,
      policy,
      verified: new VerifiedTokens(100),
      sessions: counting(app.store.sessions, counted),
      keyStore: counting(app.store.keys, counted),
      users: app.store.users,
      audit: counting(app.store.audit, counted),
      revocations: { revokes: (credential) => filter.revokes(credential), stalenessMs },
      refreshLimit: null,
      observer: { verdict() {} },
    });
    return { ...model, guarantees: { ...model.guarantees, ...stated } };
  };

  const here = new RevocationFilter();
  const there = new RevocationFilter();
  let unread: RevocationEntry[] = [];
  let readAt = clock.now();
  app.store.revocations.subscribe((news) => {
    if (news.kind === 'look') return;
    unread.push(...news.entries);
    for (const entry of news.entries) here.apply(entry);
  });

  return {
    model: node(here, () => 0, counts),
    elsewhere: node(there, () => clock.now() - readAt, { reads: 0, writes: 0 }),
    of: (other) => node(here, () => 0, { reads: 0, writes: 0 }, other),
    readLog: () => {
      for (const entry of unread) there.apply(entry);
      unread = [];
      readAt = clock.now();
    },
    policy,
    clock,
    counterfoil,
    counts,
    user: async (email = 'ada@example.test') => (await counterfoil.signedInAs({ email })).user,
    signIn: async (user, delivery = 'body') => {
      const audit = auditEvent('login.succeeded', clock.now(), { userId: user.id });
      const model = node(here, () => 0, { reads: 0, writes: 0 });
      const signedIn = await model.begin(user, { delivery, client: CLIENT, audit });
      if (signedIn === null) throw new Error('nobody could be signed in');
      return signedIn;
    },
    database,
    stop: async () => {
      await counterfoil.stop();
      await database.drop();
    },
  };
}

/** The same port, with each call counted as a read or a write. */
function counting<Port extends object>(port: Port, counts: Counts): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => {
        if (READS.has(String(name))) counts.reads += 1;
        else counts.writes += 1;
        return Reflect.apply(method, target, given);
      };
    },
  });
}

/** What a client that was given these tokens sends with a request. */
export function sentWith({ session, tokens }: SignedIn): PresentedCredentials {
  return held(session.delivery, tokens);
}

export function held(delivery: Delivery, { accessToken, refreshToken }: IssuedTokens): PresentedCredentials {
  if (delivery === 'body') return { bearer: accessToken, cookie: null };
  return { bearer: refreshToken && accessToken, cookie: refreshToken ?? accessToken };
}

/** A renewal with all that the client holds. */
export function renewalOf({ session, tokens }: SignedIn, idempotencyKey: string | null = null) {
  const refreshToken = session.delivery === 'body' ? tokens.refreshToken : null;
  return { refreshToken, presented: held(session.delivery, tokens), idempotencyKey, ipAddress: null };
}

/** Whose the credential is, or why it opens nothing. */
export async function outcomeOf(model: SessionModel, presented: PresentedCredentials): Promise<string> {
  const authentication = await model.authenticate(presented);
  return authentication.kind === 'authenticated' ? authentication.userId : authentication.kind;
}
