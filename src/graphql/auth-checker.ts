/** `@Authorized()`: any caller with a good access token; `@Authorized('OPERATOR')`: one with that role. */

import type { AuthCheckerInterface, ResolverData } from 'type-graphql';
import type { Role } from '../entities/user.js';
import { authenticatedCaller, type CounterfoilContext } from './context.js';
import { forbidden } from './errors.js';

export class CounterfoilAuthChecker implements AuthCheckerInterface<CounterfoilContext, Role> {
  /** Throws an error with a public code rather than answering no: a refusal should say which kind it is. */
  async check({ context, info }: ResolverData<CounterfoilContext>, roles: Role[]): Promise<boolean> {
    const caller = authenticatedCaller(context);
    if (roles.length === 0) return true;
    const has = (held: readonly Role[]) => roles.some((role) => held.includes(role));
    if (has(caller.roles) && has(await presentRoles(context))) return true;
    const field = `${info.parentType.name}.${info.fieldName}`;
    const { parts } = context.counterfoil;
    parts.log.warn({ event: 'access.forbidden', field, userId: caller.userId }, 'a role was missing');
    throw forbidden();
  }
}

const asked = new WeakMap<object, Promise<readonly Role[]>>();

/**
 * The roles that the caller has now; none for one who is suspended or gone. A credential may be as old as its model
 * lets it be, and what needs a role is rare and grave enough to ask. Once a request.
 */
function presentRoles({ counterfoil }: CounterfoilContext): Promise<readonly Role[]> {
  const known = asked.get(counterfoil) ?? readRoles(counterfoil);
  asked.set(counterfoil, known);
  return known;
}

async function readRoles({
  parts,
  authentication,
}: CounterfoilContext['counterfoil']): Promise<readonly Role[]> {
  if (authentication.kind !== 'authenticated') return [];
  const user = await parts.store.users.find(authentication.userId);
  return user?.standing.kind === 'active' ? user.roles : [];
}
