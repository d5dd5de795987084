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
import type { SessionId, UserId } from '../src/entities/identifier.js';
import type { Role } from '../src/entities/user.js';
import type { Clock } from '../src/system/clock.js';
import { DEVICES, type DemoPerson, OPERATOR, PEOPLE } from './people.js';
import { type SeededRandomness, seededRandomness } from './randomness.js';

/** Published: the demo is nobody's account. */
export const DEMO_PASSWORD = 'paper lantern 58 harbour';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A device that lives is heard of at least this often: well within the idle time of a session. */
const MOST_QUIET_DAYS = 8;
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
  const keyed = await createApp({ ...config, operator: null });
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

const NO_HEADERS = { bearer: null, cookie: null };

/** The token that a device of any session model renews. */
function tokenToRenew(tokens: {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}): string {
  return tokens.refreshToken ?? tokens.accessToken;
}

/** A device that was signed in, and what it holds. */
interface Device {
  readonly owner: { readonly userId: UserId; readonly sessionId: SessionId };
  readonly caller: Caller;
  /** Null once it has been told that its session is over. */
  token: string | null;
  seenOn: number;
}

/** The month, day by day: devices sign in, those that were quiet for some days refresh, a few people log out. */
async function live(stage: Stage, progress: Progress): Promise<number> {
  const { clock, random } = stage;
  const beganAt = clock.now();
  const devices: Device[] = [];
  let signedIn = 0;
  for (let day = 0; day < HISTORY_DAYS; day++) {
    const errands: { readonly at: number; readonly run: () => Promise<void> }[] = [];
    const plan = (run: () => Promise<void>) =>
      errands.push({ at: beganAt + day * DAY_MS + random.below(DAY_MS - HOUR_MS), run });
    for (const device of devices.filter((each) => day - each.seenOn > random.below(MOST_QUIET_DAYS)))
      plan(() => renew(stage, device, day));
    for (; signedIn < (DEVICE_COUNT * (day + 1)) / HISTORY_DAYS; signedIn++) {
      const person = PEOPLE[signedIn % PEOPLE.length] ?? OPERATOR;
      plan(async () => {
        devices.push(await signInDevice(stage, person, day));
        if (random.below(20) === 0) await mistypePassword(stage);
      });
    }
    for (const { at, run } of errands.sort((one, other) => one.at - other.at)) {
      clock.moveTo(at);
      await run();
    }
    progress(0.4 + (0.55 * (day + 1)) / HISTORY_DAYS, 'devices');
  }
  return signedIn;
}

async function signInDevice(stage: Stage, person: DemoPerson, day: number): Promise<Device> {
  const { app, random } = stage;
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
  const owner = { userId: outcome.user.id, sessionId: outcome.session.id };
  const device: Device = { owner, caller, token: tokenToRenew(outcome.tokens), seenOn: day };
  await renew(stage, device, day);
  if (random.below(15) === 0) await logout(app.parts, owner, caller);
  else if (random.below(50) === 0) await logoutAllDevices(app.parts, owner, true, caller);
  return device;
}

/** Up to three refreshes, some minutes apart, as long as the session lives. */
async function renew({ app, clock, random }: Stage, device: Device, day: number): Promise<void> {
  device.seenOn = day;
  for (let renewal = 1 + random.below(3); renewal > 0 && device.token !== null; renewal--) {
    clock.advance(1000 * (60 + random.below(240)));
    const idempotencyKey = Buffer.from(random.bytes(12)).toString('hex');
    const input = { refreshToken: device.token, presented: NO_HEADERS, idempotencyKey };
    const renewed = await refresh(app.parts, input, device.caller);
    device.token = renewed.kind === 'refreshed' ? tokenToRenew(renewed.tokens) : null;
  }
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
      const refreshToken = tokenToRenew(stolen.tokens);
      await refresh(app.parts, { refreshToken, presented: NO_HEADERS, idempotencyKey }, caller);
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
