/** The operator revokes the leaked key: how long the forgery lives on, and what it costs the honest users. */

import { mutate } from '../harness/client.js';
import type { Observation } from '../harness/observation.js';
import { OPERATOR, type Server } from '../harness/server.js';
import { forge, stealSigningKey } from './forgery.js';
import { isTakenFor, longForgery, outsider, renewed, type Target } from './leaked-key-tries.js';
import { openedSince, untilRefused } from './until-refused.js';
import type { Visitor } from './visitor.js';

/** How long a forgery that nothing stops is tried after the key has been revoked. */
const PATIENCE_MS = 2_000;

export type Note = (
  metric: string,
  unit: string,
  value: Observation['value'],
  factors?: Observation['factors'],
) => void;

export interface Scene {
  readonly target: Target;
  readonly folder: string;
  readonly here: Server;
  readonly there: Server;
  readonly honest: readonly Visitor[];
  readonly note: Note;
}

async function asOperator(url: string): Promise<string> {
  const { tokens } = await mutate(url, 'login', OPERATOR);
  if (!tokens?.accessToken) throw new Error('the operator could not sign in');
  return tokens.accessToken;
}

export async function revoke({ folder, target, here, there, note }: Scene): Promise<void> {
  const key = await stealSigningKey(folder);
  const { userId } = target.victim;
  const forgery = await forge(key, target, { userId });
  const long = await longForgery(key, target);
  const before = await outsider(here.url, target.issuer);
  const bearer = await asOperator(here.url);

  // Where the forgery opens nothing there is nothing to wait for.
  const works = await isTakenFor(target, userId, forgery);
  const trying = works ? { 'same process': here, 'second process': there } : ({} as Record<string, Server>);
  const doors = Object.entries(trying).map(([process, { url }]) => ({
    process,
    tries: untilRefused(() => isTakenFor({ ...target, url }, userId, forgery)),
  }));
  await Promise.all(doors.map(({ tries }) => tries.begun));
  const sent = performance.now();
  const { __typename } = await mutate(
    here.url,
    'revokeSigningKey',
    { kid: key.kid, reason: 'leaked' },
    { bearer },
  );
  const answered = performance.now();
  note('answer', '', __typename);
  note('revocation', 'ms', answered - sent);
  const patience = setTimeout(() => {
    for (const { tries } of doors) tries.stop();
  }, PATIENCE_MS);
  for (const { process, tries } of doors) {
    const ended = await tries.done;
    note('dead', '', ended.refusedAt !== null, { process });
    note('opened after the answer', 'requests', openedSince(ended, answered), { process });
    if (ended.refusedAt !== null) note('time until dead', 'ms', ended.refusedAt - sent, { process });
  }
  clearTimeout(patience);

  const after = await outsider(here.url, target.issuer);
  note('outside accepts', '', await before.accepts(long), { keys: 'fetched before the revocation' });
  note('outside accepts', '', await after.accepts(long), { keys: 'fetched after it' });
  note('outside keeps keys', 's', before.mayKeepSeconds);
}

export async function comeBack({ honest, note }: Scene): Promise<void> {
  const counts = { undisturbed: 0, 'renewed silently': 0, 'must sign in again': 0 };
  for (const visitor of honest) {
    const before = visitor.renewals;
    const signedIn = await visitor.use();
    const renewedNow = visitor.renewals > before;
    counts[!signedIn ? 'must sign in again' : renewedNow ? 'renewed silently' : 'undisturbed'] += 1;
  }
  for (const [outcome, count] of Object.entries(counts))
    note('honest users', 'users', count, { outcome, of: honest.length });
}

/** The key leaks again, the operator rotates before noticing, and the forger renews in between. Then the key is revoked. */
export async function launder({ folder, target, here, note }: Scene): Promise<void> {
  const key = await stealSigningKey(folder);
  const bearer = await asOperator(here.url);
  const forgery = await forge(key, target, { userId: target.victim.userId });
  await mutate(here.url, 'rotateSigningKey', { force: true }, { bearer });
  const laundered = await renewed(here.url, forgery);
  await mutate(
    here.url,
    'revokeSigningKey',
    { kid: key.kid, reason: 'leaked' },
    { bearer: await asOperator(here.url) },
  );
  const opens = laundered !== null && (await isTakenFor(target, target.victim.userId, laundered));
  note('accepted after rotation and revocation', '', opens);
}
