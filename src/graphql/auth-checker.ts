/** `@Authorized()`: any caller with a good access token; `@Authorized('OPERATOR')`: one with that role. */

import type { AuthCheckerInterface, ResolverData } from 'type-graphql';
import type { Role } from '../entities/user.js';
import { authenticatedCaller, type CounterfoilContext } from './context.js';
import { forbidden } from './errors.js';

export class CounterfoilAuthChecker implements AuthCheckerInterface<CounterfoilContext, Role> {
  /** Throws an error with a public code rather than answering no: a refusal should say which kind it is. */
  check({ context, info }: ResolverData<CounterfoilContext>, roles: Role[]): boolean {
    const caller = authenticatedCaller(context);
    if (roles.length === 0 || roles.some((role) => caller.roles.includes(role))) return true;
    const field = `${info.parentType.name}.${info.fieldName}`;
    const { parts } = context.counterfoil;
    parts.log.warn({ event: 'access.forbidden', field, userId: caller.userId }, 'a role was missing');
    throw forbidden();
  }
}
