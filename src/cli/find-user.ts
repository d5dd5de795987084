/** The user that a command line names, by address or id. No address is an id: it has an @. */

import type { App } from '../app.js';
import { isIdentifier, type UserId } from '../entities/identifier.js';
import type { User } from '../entities/user.js';
import type { Console } from './console.js';

/** Says so where there is none. */
export async function findUser({ store }: App, console: Console, named: string): Promise<User | null> {
  if (isIdentifier(named)) {
    const user = await store.users.find(named as UserId);
    if (user === null) console.err(`counterfoil: there is no user with the id ${named}\n`);
    return user;
  }
  const found = await store.users.credentialsByEmail(named);
  if (found === null)
    console.err(`counterfoil: there is no user with the address ${JSON.stringify(named)}\n`);
  return found?.user ?? null;
}
