/**
 * What goes on after all devices have been logged out: the phone's credential at the server, the same in the hands of a
 * thief who renews it in time, and in a service elsewhere that knows only the public keys. Lifetimes of a few seconds,
 * really waited for.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { mutate } from '../harness/client.js';
import type { Bench } from '../harness/experiment.js';
import type { Model, Observation } from '../harness/observation.js';
import { startServer } from '../harness/server.js';
import { opensWith, type Tries, untilRefused } from './until-refused.js';
import { begin, type Manner, type Visitor } from './visitor.js';

/** Seconds. Quick steps share the machine, and must not come too late. */
const ACCESS = { quick: 4, full: 3 };
const SESSION = { quick: 7, full: 9 };
const USES_EVERY_MS = 100;
const OWNER = { email: 'owner@example.test', password: 'harbour velvet pencil 62' };
const THIEF: Manner = { renews: 'by its own clock', now: Date.now, skewMs: 0, marginMs: 700 };

export async function outlive(bench: Bench, model: Model, round: number): Promise<Observation[]> {
  const session = SESSION[bench.plan.mode];
  const server = await startServer({
    model,
    folder: bench.folder,
    environment: {
      COUNTERFOIL_ACCESS_TTL: String(ACCESS[bench.plan.mode]),
      COUNTERFOIL_IDLE_TTL: String(session),
      COUNTERFOIL_ABSOLUTE_TTL: String(session),
    },
  });
  try {
    const { url } = server;
    const laptop = await begin('register', url, OWNER, THIEF);
    const phone = await begin('login', url, OWNER, THIEF);
    const thief = phone.twin();
    const stolen = phone.held.accessToken;

    bench.say('waiting for what was stolen to expire');
    const atServer = untilRefused(opensWith(url, stolen), 10);
    await atServer.begun;
    const elsewhere = await outsideService(url, stolen);
    const bearer = laptop.held.accessToken;
    const { __typename } = await mutate(url, 'logoutAllDevices', {}, { bearer });
    const answered = performance.now();
    const wall = Date.now();
    const [server1, outside, renewing] = await Promise.all([
      atServer.done,
      elsewhere?.done ?? null,
      robbed(thief, answered),
    ]);
    const seconds = (metric: string, value: number, factors: Observation['factors'] = {}): Observation => ({
      metric,
      unit: 's',
      model,
      factors,
      round,
      value,
    });
    const word = { metric: 'answer to the owner', unit: '', model, factors: {}, round, value: __typename };
    const lifeLeft = (phone.held.expiresAt - wall) / 1000;
    const sessionLeft = (phone.signedInAt + session * 1000 - wall) / 1000;
    return [
      word,
      seconds('life left', lifeLeft, { of: 'credential' }),
      seconds('life left', sessionLeft, { of: 'session' }),
      seconds('opened for', openFor(server1, answered), { where: 'server' }),
      seconds('opened for', renewing, { where: 'server, renewed by the thief' }),
      ...(outside === null
        ? []
        : [seconds('opened for', openFor(outside, answered), { where: 'elsewhere' })]),
      { ...word, metric: 'verifiable elsewhere', value: outside !== null },
      { ...word, metric: 'renewals by the thief', unit: 'renewals', value: thief.renewals },
    ];
  } finally {
    await server.end();
  }
}

/** Tries the credential as a service would that fetches the public keys and asks nobody. Null where it is no JWT. */
async function outsideService(url: string, credential: string) {
  let issuer: string;
  try {
    issuer = decodeJwt(credential).iss ?? '';
  } catch {
    return null;
  }
  const keys = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`));
  const tries = untilRefused(
    () =>
      jwtVerify(credential, keys, { issuer, audience: issuer, typ: 'at+jwt' }).then(
        () => true,
        () => false,
      ),
    10,
  );
  await tries.begun;
  return tries;
}

/** How long after `since` a thief who renews in time was still let in; seconds. */
async function robbed(thief: Visitor, since: number): Promise<number> {
  let last = since;
  for (;;) {
    const sent = performance.now();
    if (!(await thief.use())) return (last - since) / 1000;
    last = sent;
    await sleep(USES_EVERY_MS);
  }
}

/** Seconds from `since` to the last try that opened; 0 where none did. */
function openFor({ opened }: Tries, since: number): number {
  return Math.max(0, ((opened.at(-1) ?? since) - since) / 1000);
}
