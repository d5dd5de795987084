/** `counterfoil users`: makes and lists users, suspends and reinstates them. A password comes from a prompt or standard input, never from an argument. */

import { reinstateUser, suspendUser } from '../account/operate.js';
import { createUser } from '../account/register.js';
import type { App } from '../app.js';
import { readReason } from '../entities/reason.js';
import type { Role, User } from '../entities/user.js';
import { type Console, EXIT } from './console.js';
import { findUser } from './find-user.js';
import { answer, type Format, instant, table } from './report.js';
import { HERE } from './with-app.js';

const PAGE = 100;

export interface CreateUserOptions extends Format {
  readonly email: string;
  readonly name?: string;
  readonly operator?: boolean;
}

export async function usersCreate(
  app: App,
  console: Console,
  options: CreateUserOptions,
  password: string,
): Promise<number> {
  const roles: Role[] = options.operator ? ['USER', 'OPERATOR'] : ['USER'];
  const account = { email: options.email, password, name: options.name ?? null };
  const outcome = await createUser(app.parts, account, { roles, as: 'user.created', caller: HERE.caller });
  switch (outcome.kind) {
    case 'created':
      answer(
        console,
        options,
        publicUser(outcome.user),
        `created ${outcome.user.email} (${outcome.user.id})`,
      );
      return EXIT.done;
    case 'email-taken':
      console.err(`counterfoil: a user with the address ${options.email} exists already\n`);
      return EXIT.failed;
    case 'weak-password':
      console.err(`counterfoil: the password cannot be used. ${outcome.problems.join(' ')}\n`);
      return EXIT.failed;
    case 'invalid-input':
      console.err(`counterfoil: ${outcome.problems.map(({ message }) => message).join(' ')}\n`);
      return EXIT.misused;
    case 'throttled':
      console.err(`counterfoil: too busy; try again in ${outcome.retryAfterSeconds} s\n`);
      return EXIT.failed;
  }
}

export async function usersList(
  app: App,
  console: Console,
  options: Format & { search?: string },
): Promise<number> {
  const users: User[] = [];
  for (let after: string | null = null; ; ) {
    const page = await app.store.users.list({ first: PAGE, after }, options.search ?? null);
    users.push(...page.items.map(({ item }) => item));
    after = page.items.at(-1)?.cursor ?? null;
    if (!page.hasNextPage) break;
  }
  const rows = users.map((user) => [
    user.id,
    user.email,
    user.name,
    user.roles.join(' '),
    user.standing.kind,
    instant(user.createdAt),
  ]);
  answer(
    console,
    options,
    users.map(publicUser),
    table(['ID', 'EMAIL', 'NAME', 'ROLES', 'STANDING', 'CREATED'], rows),
  );
  return EXIT.done;
}

/** Also for an operator who is to lose their power at once, by whoever has the machine. */
export async function usersSuspend(
  app: App,
  console: Console,
  named: string,
  options: Format & { reason: string },
): Promise<number> {
  const reason = readReason(options.reason);
  if (reason.kind === 'unusable') {
    console.err(`counterfoil: a reason ${reason.why}\n`);
    return EXIT.misused;
  }
  const found = await findUser(app, console, named);
  if (found === null) return EXIT.failed;
  const outcome = await suspendUser(app.parts, found.id, reason.text, HERE);
  if (outcome.kind === 'not-found') return goneMeanwhile(console, found);
  const { user, sessionsEnded } = outcome;
  const deadBy = instant(outcome.accessTokensDeadBy);
  answer(
    console,
    options,
    { ...publicUser(user), sessionsEnded, accessTokensDeadBy: deadBy },
    `suspended ${user.email} (${user.id}) and ended ${sessionsEnded} sessions; their access tokens are dead by ${deadBy}`,
  );
  return EXIT.done;
}

/** The way back for operators who suspended themselves. */
export async function usersReinstate(
  app: App,
  console: Console,
  named: string,
  options: Format,
): Promise<number> {
  const found = await findUser(app, console, named);
  if (found === null) return EXIT.failed;
  if (found.standing.kind !== 'suspended') {
    console.err(`counterfoil: ${found.email} is not suspended\n`);
    return EXIT.failed;
  }
  const outcome = await reinstateUser(app.parts, found.id, HERE);
  if (outcome.kind === 'not-found') return goneMeanwhile(console, found);
  const { user } = outcome;
  answer(
    console,
    options,
    publicUser(user),
    `reinstated ${user.email} (${user.id}), who may sign in again; the sessions they had stay ended`,
  );
  return EXIT.done;
}

function goneMeanwhile(console: Console, { email }: User): number {
  console.err(`counterfoil: ${email} was deleted meanwhile\n`);
  return EXIT.failed;
}

function publicUser({ id, email, name, roles, standing, createdAt }: User) {
  return { id, email, name, roles, standing: standing.kind, createdAt: instant(createdAt) };
}
