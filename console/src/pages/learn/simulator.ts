/**
 * A session, its owner and a thief, to play with: what can be done, and what comes of it. What the server decides is decided
 * here by the server's own function, on a row of the shape that the server keeps. Pure: a play and an act make the next play.
 */

import { type Act, type ClientKind, NOBODY, type Play, type Step } from './play.js';
import { fresh, GRACE_MS } from './simulated-row.js';
import { attempt, ended, present } from './simulated-server.js';

export function begin(client: ClientKind = 'careful'): Play {
  return {
    client,
    now: 0,
    found: fresh(client === 'native' ? 'body' : 'cookie'),
    rowKey: null,
    past: [],
    owner: { generation: 0, pending: null },
    thief: NOBODY,
    newest: 0,
    keys: 0,
    steps: [],
  };
}

export function isOver({ found: { session, user } }: Play): boolean {
  return session.life.kind === 'ended' || session.epoch !== user.epoch;
}

/** How long the grace after the last rotation still lasts. */
export function graceLeftMs({ now, found }: Play): number {
  return found.session.generation === 0 ? 0 : Math.max(0, GRACE_MS - (now - found.session.lastSeenAt));
}

export function can(play: Play, act: Act): boolean {
  const { owner, thief, client } = play;
  switch (act) {
    case 'refresh':
    case 'both-tabs':
    case 'lose-answer':
      return owner.generation !== null && owner.pending === null;
    case 'retry':
      return owner.generation !== null && owner.pending !== null && client !== 'plain';
    case 'retry-without-key':
      return owner.generation !== null && owner.pending !== null;
    case 'logout':
    case 'logout-everywhere':
      return owner.generation !== null && !isOver(play);
    case 'steal':
      return owner.generation !== null && !isOver(play);
    case 'thief-refresh':
    case 'thief-without-key':
      return thief.generation !== null;
    case 'power-cut':
      return play.past.length > 0 && !isOver(play);
    default:
      return true;
  }
}

/** The next play; the same one where the act is not possible. */
export function act(play: Play, what: Act): Play {
  if (!can(play, what)) return play;
  switch (what) {
    case 'refresh':
      return attempt(play, 'owner', freshKey(play));
    case 'both-tabs': {
      const key = freshKey(play);
      const shown = play.owner.generation;
      return present(attempt(play, 'owner', key), 'second tab', { generation: shown, key });
    }
    case 'lose-answer':
      return attempt(play, 'owner', freshKey(play), true);
    case 'retry':
      return attempt(play, 'owner', play.owner.pending?.key ?? null);
    case 'retry-without-key':
      return attempt(play, 'owner', null);
    case 'thief-refresh':
      return attempt(play, 'thief', `t${play.keys + 1}`);
    case 'thief-without-key':
      return attempt(play, 'thief', null);
    case 'thief-guess':
      return present(play, 'thief', { generation: null, key: null });
    default:
      return happen(noted(play, what), what);
  }
}

function happen(play: Play, what: Act): Play {
  const { found, now } = play;
  switch (what) {
    case 'steal':
      return { ...play, thief: { generation: play.owner.generation, pending: null } };
    case 'logout':
      return { ...play, owner: NOBODY, found: ended(found, 'logout', now) };
    case 'logout-everywhere':
      return {
        ...play,
        owner: NOBODY,
        found: { ...found, user: { ...found.user, epoch: found.user.epoch + 1 } },
      };
    case 'power-cut': {
      const kept = Math.max(0, play.past.length - 2);
      const before = play.past[kept] ?? play;
      return { ...play, found: before.found, rowKey: before.rowKey, past: play.past.slice(0, kept) };
    }
    case 'wait-10':
      return { ...play, now: now + 10_000 };
    case 'wait-40':
      return { ...play, now: now + 40_000 };
    default:
      return play;
  }
}

function freshKey({ client, keys }: Play): string | null {
  return client === 'plain' ? null : `k${keys + 1}`;
}

function noted(play: Play, what: Act): Play {
  const step: Step = { kind: 'event', number: play.steps.length + 1, at: play.now, act: what };
  return { ...play, steps: [...play.steps, step] };
}
