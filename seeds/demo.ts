/**
 * The demo: 50 users and an operator, 200 devices and a month of history, made by the operations that users call, with
 * a clock and randomness of its own. The same day gives the same users, sessions and events. Keys are made before and by
 * the system's own randomness, since those of a demo sign real tokens, too.
 */

import { login } from '../src/account/login.js';
import { logout, logoutAllDevices } from '../src/account/logout.js';
import { suspendUser } from '../src/account/operate.js';
import type { Caller } from '../src/account/parts.js';
import { refresh } from '../src/account/refresh.js';
import { createUser } from '../src/account/register.js';
import { type App, createApp } from '../src/app.js';
import type { Config } from '../src/config/config.js';
import type { Role } from '../src/entities/user.js';
import type { Clock } from '../src/system/clock.js';
import { DEVICES, type DemoPerson, OPERATOR, PEOPLE } from './people.js';
import { type SeededRandomness, seededRandomness } from './randomness.js';

/** Published: the demo is nobody's account. */
export const DEMO_PASSWORD = 'paper lantern 58 harbour';

const DAY_MS = 86_400_000;
const HISTORY_DAYS = 30;
const DEVICE_COUNT = 200;

export interface Demo {
  readonly users: readonly {
    readonly email: string;
    readonly name: string;
    readonly roles: readonly Role[];
    readonly note: string;
  }[];
  readonly sessions: number;
}

/** Tells how far it is (0 to 1), and at what. */
export type Progress = (part: number, what: string) => void;

interface Stage {
  readonly app: App;
  readonly clock: Clock & { advance(milliseconds: number): void; moveTo(at: number): void };
  readonly random: SeededRandomness;
}

/** Plants the demo into the configured database, ending at the last midnight (UTC) before `now`. */
export async function plantDemo(config: Config, now: number, progress: Progress): Promise<Demo> {
  const random = seededRandomness('counterfoil demo 1');
  const clock = demoClock(now - (now % DAY_MS) - HISTORY_DAYS * DAY_MS);
  const keyed = await createApp(config);
  await keyed.stop();
  const app = await createApp(
    { ...config, rateLimits: false, operator: null },
    { clock, randomness: random },
  );
  const stage: Stage = { app, clock, random };
  try {
    const users = [await admit(stage, OPERATOR, ['USER', 'OPERATOR'])];
    for (const [index, person] of PEOPLE.entries()) {
      users.push(await admit(stage, person, ['USER']));
      progress((0.4 * (index + 1)) / PEOPLE.length, 'users');
    }
    const sessions = await live(stage, progress);
    const suspended = await troubles(stage, users);
    progress(1, 'done');
    return {
      sessions,
      users: users.map(({ email, name, roles, id }) => ({
        email,
        name,
        roles,
        note: id === suspended ? 'suspended' : '',
      })),
    };
  } finally {
    await app.stop();
  }
}

async function admit({ app }: Stage, person: DemoPerson, roles: readonly Role[]) {
  const caller = { ipAddress: null, clientLabel: null };
  const account = { ...person, password: DEMO_PASSWORD };
  const outcome = await createUser(app.parts, account, { roles, as: 'user.created', caller });
  if (outcome.kind === 'email-taken') throw new Error('The demo is in this database already.');
  if (outcome.kind !== 'created') throw new Error(`${person.email} cannot be made a user: ${outcome.kind}.`);
  return outcome.user;
}

/** The month: every device signs in some day, and refreshes now and then; a few people log out. */
async function live(stage: Stage, progress: Progress): Promise<number> {
  const { clock, random } = stage;
  const beganAt = clock.now();
  const step = (HISTORY_DAYS * DAY_MS) / (DEVICE_COUNT + 1);
  for (let device = 0; device < DEVICE_COUNT; device++) {
    clock.moveTo(beganAt + Math.floor(step * (device + 1)));
    await signInDevice(stage, PEOPLE[device % PEOPLE.length] ?? OPERATOR);
    if (random.below(20) === 0) await mistypePassword(stage);
    progress(0.4 + (0.55 * (device + 1)) / DEVICE_COUNT, 'devices');
  }
  return DEVICE_COUNT;
}

async function signInDevice(stage: Stage, person: DemoPerson): Promise<void> {
  const { app, clock, random } = stage;
  const { deviceName, clientLabel } = random.pick(DEVICES);
  const caller: Caller = { ipAddress: `198.51.100.${1 + random.below(250)}`, clientLabel };
  const input = {
    email: person.email,
    password: DEMO_PASSWORD,
    delivery: 'body',
    deviceName,
    presentedToken: null,
  } as const;
  const outcome = await login(app.parts, input, caller);
  if (outcome.kind !== 'logged-in') throw new Error(`${person.email} cannot sign in: ${outcome.kind}.`);
  let token = outcome.tokens.refreshToken;
  for (let renewal = random.below(4); renewal > 0; renewal--) {
    clock.advance(1000 * (60 + random.below(240)));
    const idempotencyKey = Buffer.from(random.bytes(12)).toString('hex');
    const renewed = await refresh(app.parts, { refreshToken: token, idempotencyKey }, caller);
    if (renewed.kind === 'refreshed') token = renewed.tokens.refreshToken;
  }
  const owner = { userId: outcome.user.id, sessionId: outcome.session.id };
  if (random.below(15) === 0) await logout(app.parts, owner, caller);
  else if (random.below(50) === 0) await logoutAllDevices(app.parts, owner, true, caller);
}

async function mistypePassword({ app, random }: Stage): Promise<void> {
  const { email } = random.pick(PEOPLE);
  const caller: Caller = { ipAddress: '203.0.113.9', clientLabel: 'Chrome on Windows' };
  await login(
    app.parts,
    { email, password: 'not the one at all', delivery: 'body', deviceName: null, presentedToken: null },
    caller,
  );
}

/** What operators come to see: a stolen token used twice, and a suspended account. */
async function troubles(stage: Stage, users: readonly { id: string }[]): Promise<string | undefined> {
  const { app } = stage;
  const caller: Caller = { ipAddress: '203.0.113.77', clientLabel: null };
  const victim = PEOPLE[3] ?? OPERATOR;
  const input = {
    email: victim.email,
    password: DEMO_PASSWORD,
    delivery: 'body',
    deviceName: 'Phone',
    presentedToken: null,
  } as const;
  const stolen = await login(app.parts, input, caller);
  if (stolen.kind === 'logged-in') {
    for (const idempotencyKey of ['owner', 'thief']) {
      await refresh(app.parts, { refreshToken: stolen.tokens.refreshToken, idempotencyKey }, caller);
    }
  }
  const operator = { userId: null, caller };
  const last = users.at(-1)?.id;
  if (last !== undefined) await suspendUser(app.parts, last, 'Sent advertising to everybody', operator);
  return last;
}

function demoClock(startsAt: number): Stage['clock'] {
  let at = startsAt;
  return {
    now: () => at,
    monotonic: () => at - startsAt,
    advance: (milliseconds) => {
      at += milliseconds;
    },
    moveTo: (later) => {
      at = Math.max(at, later);
    },
  };
}
