/** `counterfoil sessions`: lists and ends a user's sessions. */

import { endSession, endUserSessions } from '../account/operate.js';
import type { App } from '../app.js';
import type { Session } from '../entities/session.js';
import { type Console, EXIT } from './console.js';
import { findUser } from './find-user.js';
import { answer, type Format, instant, table } from './report.js';
import { HERE } from './with-app.js';

const PAGE = 100;

export async function sessionsList(
  app: App,
  console: Console,
  options: Format & { user: string },
): Promise<number> {
  const user = await findUser(app, console, options.user);
  if (user === null) return EXIT.failed;
  const sessions: Session[] = [];
  for (let after: string | null = null; ; ) {
    const { clock, model } = app.parts;
    const page = await app.store.sessions.listLive(user.id, clock.now(), model.idleTtlMs, {
      first: PAGE,
      after,
    });
    sessions.push(...page.items.map(({ item }) => item));
    after = page.items.at(-1)?.cursor ?? null;
    if (!page.hasNextPage) break;
  }
  const data = sessions.map(({ id, client, delivery, createdAt, lastSeenAt, expiresAt }) => ({
    id,
    ...client,
    delivery,
    createdAt: instant(createdAt),
    lastSeenAt: instant(lastSeenAt),
    expiresAt: instant(expiresAt),
  }));
  const rows = data.map((s) => [
    s.id,
    s.deviceName ?? '-',
    s.clientLabel ?? '-',
    s.ipAddress ?? '-',
    s.createdAt,
    s.lastSeenAt,
  ]);
  answer(console, options, data, table(['ID', 'DEVICE', 'CLIENT', 'ADDRESS', 'BEGUN', 'LAST SEEN'], rows));
  return EXIT.done;
}

export async function sessionsEnd(
  app: App,
  console: Console,
  options: Format & { session?: string; user?: string },
): Promise<number> {
  if ((options.session === undefined) === (options.user === undefined)) {
    console.err('counterfoil: say either --session ID or --user EMAIL\n');
    return EXIT.misused;
  }
  if (options.session !== undefined) return endOne(app, console, options.session, options);
  const user = await findUser(app, console, options.user ?? '');
  if (user === null) return EXIT.failed;
  const outcome = await endUserSessions(app.parts, user.id, HERE);
  if (outcome.kind === 'not-found') return EXIT.failed;
  if (outcome.kind === 'unsupported') return unsupported(console, outcome.why);
  const deadBy = instant(outcome.accessTokensDeadBy);
  const text = `ended ${outcome.sessionsEnded} sessions of ${user.email}; their access tokens are dead by ${deadBy}`;
  answer(console, options, { sessionsEnded: outcome.sessionsEnded, accessTokensDeadBy: deadBy }, text);
  return EXIT.done;
}

async function endOne(app: App, console: Console, id: string, options: Format): Promise<number> {
  const outcome = await endSession(app.parts, id, HERE);
  if (outcome.kind === 'not-found') {
    console.err(`counterfoil: there is no live session ${JSON.stringify(id)}\n`);
    return EXIT.failed;
  }
  if (outcome.kind === 'unsupported') return unsupported(console, outcome.why);
  const deadBy = instant(outcome.accessTokensDeadBy);
  answer(
    console,
    options,
    { sessionsEnded: 1, accessTokensDeadBy: deadBy },
    `ended; its access tokens are dead by ${deadBy}`,
  );
  return EXIT.done;
}

function unsupported(console: Console, why: string): number {
  console.err(`counterfoil: ${why}\n`);
  return EXIT.failed;
}
