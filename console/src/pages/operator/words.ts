/** Small words that several of the operators' pages say. */

import { clock } from '../../data/times.js';
import type { Role } from '../../generated/graphql.js';

/** "1 session", "3 sessions". */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

const ROLES: Readonly<Record<Role, string>> = { OPERATOR: 'Operator', USER: 'User' };

export function roleName(role: Role): string {
  return ROLES[role] ?? role;
}

/** What the answer of an operation that ended something promises, and what it does not. */
export function deadBy(at: string): string {
  return `Every process of this server refuses the access tokens from ${clock(at)} on. A service that reads only public keys accepts them until they expire.`;
}
