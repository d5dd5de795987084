/**
 * The picture of the verdicts in `docs/how-it-works.md` as something to walk through: its arrows as Mermaid reads them,
 * what its questions mean, and every case there is to ask about. Called by `how-it-works.test.ts`.
 */

import { identifierFromBytes, type SessionId, type UserId } from '../../src/entities/identifier.js';
import type { Session } from '../../src/entities/session.js';
import type { Presented } from '../../src/session/judge.js';
import type { FoundSession } from '../../src/store/ports/sessions.js';

const T = 1_767_225_600_000;
export const POLICY = { graceMs: 30_000, idleTtlMs: 14 * 86_400_000 };
const KEY = new Uint8Array(16).fill(5);
const OTHER_KEY = new Uint8Array(16).fill(6);

export interface Case {
  readonly found: FoundSession | null;
  readonly presented: Presented;
  readonly now: number;
}

export interface Edge {
  readonly from: string;
  readonly label: string;
  readonly to: string;
}

export interface Picture {
  readonly labels: ReadonlyMap<string, string>;
  readonly edges: readonly Edge[];
}

/** The labels of the nodes, and the arrows, as Mermaid reads them. */
export function readPicture(source: string): Picture {
  const plain = (text: string) => text.replaceAll('<br/>', ' ').replaceAll(/<\/?b>/g, '');
  const labels = new Map<string, string>();
  for (const [, id = '', label = ''] of source.matchAll(/(\w+)(?:\{\{|\(\[|\[)"([^"]*)"/g))
    labels.set(id, plain(label));
  const edges = source.split('\n').flatMap((line) => {
    const [, from, label = '', to] = /^ +(\w+)[^-]*? (?:-- "([^"]*)" )?-{2,3}> (\w+)/.exec(line) ?? [];
    return from === undefined || to === undefined ? [] : [{ from, label: plain(label), to }];
  });
  return { labels, edges };
}

const readable = ({ presented }: Case) => {
  if (presented.kind === 'malformed') throw new Error('asked of a token that cannot be read');
  return presented;
};
const session = ({ found }: Case) => {
  if (found === null) throw new Error('asked of a session that there is not');
  return found.session;
};
export const yes = (is: boolean) => (is ? 'yes' : 'no');

/** What the questions of the picture mean. An answer is the label of an arrow, or what stands in it before the colon. */
export const ANSWERS: Readonly<Record<string, (on: Case) => string>> = {
  'can it be read?': ({ presented }) => yes(presented.kind === 'readable'),
  'is there such a session?': ({ found }) => yes(found !== null),
  'is its mark ours?': (on) => yes(readable(on).genuine),
  'does the session live?': (on) => {
    const { life, epoch, expiresAt, lastSeenAt } = session(on);
    const user = on.found?.user;
    const current = epoch === user?.epoch && user.standing.kind === 'active';
    const inTime = on.now < expiresAt && on.now < lastSeenAt + POLICY.idleTtlMs;
    return yes(life.kind === 'live' && current && inTime);
  },
  'which generation?': (on) => {
    const ahead = readable(on).generation - session(on).generation;
    if (ahead === 0) return 'p = g';
    return ahead > 0 ? 'p > g' : ahead === -1 ? 'p = g - 1' : 'p < g - 1';
  },
  'idempotency key sent?': (on) => yes(readable(on).keyHash !== null),
  'the key that made g?': (on) => yes(readable(on).keyHash === session(on).rotationKeyHash),
  'g made at most 30 s ago?': (on) => yes(on.now - session(on).lastSeenAt <= 30_000),
  'by cookie, or never sent a key?': (on) => yes(session(on).delivery === 'cookie' || !session(on).keyed),
};

/** Follows the arrows; resolves to the last of them. */
export function walk({ labels, edges }: Picture, on: Case): Edge {
  let edge = edges.find(({ from }) => from === 'arrives');
  for (;;) {
    const question = ANSWERS[labels.get(edge?.to ?? '') ?? ''];
    if (edge === undefined || question === undefined) break;
    const { to } = edge;
    const answer = question(on);
    edge = edges.find(({ from, label }) => from === to && label.split(':')[0] === answer);
  }
  if (edge === undefined) throw new Error('the picture has no arrow for this case');
  return edge;
}

/** Every combination of what the judge looks at. */
export function* cases(): Generator<Case> {
  const presentations: Presented[] = [{ kind: 'malformed' }];
  for (const generation of [4, 5, 6, 7, 8, 12])
    for (const genuine of [true, false])
      for (const keyHash of [null, KEY, OTHER_KEY])
        presentations.push({ kind: 'readable', generation, genuine, keyHash });
  for (const presented of presentations) {
    // With the session unknown, no mark can be told to be ours.
    if (presented.kind === 'malformed' || !presented.genuine) yield { found: null, presented, now: T };
    for (const found of sessions())
      for (const later of [0, 30_000, 30_001]) yield { found, presented, now: T + later };
  }
}

function* sessions(): Generator<FoundSession> {
  const user: FoundSession['user'] = {
    id: identifierFromBytes<UserId>(new Uint8Array(16).fill(1)),
    email: 'owner@example.test',
    name: 'Owner',
    roles: ['USER'],
    epoch: 3,
    standing: { kind: 'active' },
    createdAt: T,
  };
  const live: Session = {
    id: identifierFromBytes<SessionId>(new Uint8Array(16).fill(2)),
    userId: user.id,
    epoch: 3,
    generation: 7,
    salt: new Uint8Array(16),
    delivery: 'body',
    client: { deviceName: null, clientLabel: null, ipAddress: null },
    createdAt: T,
    lastSeenAt: T,
    expiresAt: T + 90 * 86_400_000,
    rotationKeyHash: KEY,
    keyed: true,
    life: { kind: 'live' },
  };
  const suspended = { kind: 'suspended', at: T, reason: 'spam' } as const;
  for (const delivery of ['body', 'cookie'] as const)
    for (const history of [{}, { rotationKeyHash: null }, { rotationKeyHash: null, keyed: false }]) {
      const session = { ...live, delivery, ...history };
      yield { session, user };
      yield { session: { ...session, life: { kind: 'ended', at: T, reason: 'logout' } }, user };
      yield { session: { ...session, epoch: 2 }, user };
      yield { session, user: { ...user, standing: suspended } };
      yield { session: { ...session, expiresAt: T }, user };
      yield { session: { ...session, lastSeenAt: T - POLICY.idleTtlMs }, user };
    }
}
