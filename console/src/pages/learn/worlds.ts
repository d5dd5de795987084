/**
 * One evening in three worlds: the same deeds under each session model, and what comes of them. What is modelled is who
 * holds what; the server's own functions decide. Pure: a world and a deed make the next world.
 */

import type { ModelName } from '../../../../src/entities/session-model.js';
import { fresh } from './simulated-row.js';
import { type Deed, type Held, issued, said, TOKEN_MS, type World } from './world.js';
import { request } from './world-requests.js';

const WAIT_MS = 360_000;

export function beginWorld(model: ModelName): World {
  return {
    model,
    now: 0,
    found: fresh('cookie'),
    owner: issued(0, model === 'hybrid' ? 0 : null),
    thief: null,
    isKeyOut: false,
    attempts: 0,
    reads: 0,
    writes: model === 'stateless' ? 0 : 1,
    last: null,
  };
}

export function doDeed(world: World, deed: Deed): World {
  switch (deed) {
    case 'request':
      return request(world, 'owner');
    case 'thief-request':
      return request(world, 'thief');
    case 'steal':
      if (world.owner === null) return said(world, 'no', 'There is nothing left to copy.');
      return said(
        { ...world, thief: world.owner },
        'done',
        'The thief holds a copy of all that the device has.',
      );
    case 'logout':
      return logout(world);
    case 'logout-everywhere':
      return logoutEverywhere(world);
    case 'wait':
      return wait(world);
    case 'leak-key':
      if (world.model === 'stateful')
        return said({ ...world, isKeyOut: true }, 'done', 'The key signs nothing that matters here.');
      return said({ ...world, isKeyOut: true }, 'done', 'The thief can sign whatever they like.');
    case 'forge':
      return forge(world);
    case 'revoke-key':
      return revokeKey(world);
  }
}

function logout(world: World): World {
  const gone = { ...world, owner: null };
  if (world.owner === null) return said(world, 'no', 'Logged out already.');
  if (world.model === 'stateless')
    return said(gone, 'cannot', 'The device forgets its token. The server knows nothing of it.');
  const life = { kind: 'ended', at: world.now, reason: 'logout' } as const;
  const found = { ...world.found, session: { ...world.found.session, life } };
  const text =
    world.model === 'stateful'
      ? 'The row is ended. The next request finds that out.'
      : 'The row is ended and put on the list, which every process reads within 5 s.';
  return said({ ...gone, found, writes: world.writes + 1 }, 'done', text);
}

function logoutEverywhere(world: World): World {
  if (world.owner === null) return said(world, 'no', 'Logged out already.');
  if (world.model === 'stateless')
    return said(world, 'cannot', 'UnsupportedByModel: no sessions are kept, so none can be ended.');
  const user = { ...world.found.user, epoch: world.found.user.epoch + 1 };
  const next = { ...world, owner: null, found: { ...world.found, user }, writes: world.writes + 1 };
  return said(next, 'done', 'The epoch goes up by one. All devices are out, however many.');
}

/** Time passes, and whoever has a token goes on using it: clients renew in time. */
function wait(world: World): World {
  let next: World = { ...world, now: world.now + WAIT_MS };
  const told: string[] = [];
  for (const who of ['owner', 'thief'] as const) {
    const held = next[who];
    if (held === null) continue;
    if (world.model === 'stateless' && !held.isOldKey) {
      next = { ...next, [who]: { ...held, expiresAt: next.now + TOKEN_MS } };
      told.push(`${NAMES[who]} is in: each good token has bought the next.`);
      continue;
    }
    next = request(next, who);
    told.push(
      `${NAMES[who]} is ${next.last?.kind === 'yes' ? 'in' : 'out'}: ${lowered(next.last?.text ?? '')}`,
    );
  }
  return said(next, 'done', told.length === 0 ? 'Nobody is there.' : told.join(' '));
}

const NAMES = { owner: 'The owner', thief: 'The thief' } as const;

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function forge(world: World): World {
  if (!world.isKeyOut) return said(world, 'no', 'Without the key no signature fits.');
  if (world.model === 'stateful')
    return said(world, 'no', 'There is nothing to forge: tokens are random, and looked up.');
  const next = { ...world, thief: { ...issued(world.now, null), isForged: true } };
  const text =
    world.model === 'hybrid'
      ? 'A forged access token is taken for real. It buys no refresh token.'
      : 'A forged token is taken for real, and buys the next one.';
  return said(next, 'yes', text);
}

function revokeKey(world: World): World {
  const old = (held: Held | null) => held && { ...held, isOldKey: true };
  const next = { ...world, isKeyOut: false };
  if (world.model === 'stateful') return said(next, 'done', 'Nobody notices.');
  const text =
    world.model === 'hybrid'
      ? 'All signed tokens die. Refresh tokens do not hang on that key: honest devices refresh, and notice nothing.'
      : 'All tokens die, the honest ones too. Everybody signs in again.';
  return said({ ...next, owner: old(world.owner), thief: old(world.thief) }, 'done', text);
}
