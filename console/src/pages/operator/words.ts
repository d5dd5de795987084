/** Small words that several of the operators' pages say. */

import { serverNow } from '../../data/server-info.js';
import { absolute, clock } from '../../data/times.js';
import type { Role } from '../../generated/graphql.js';

/** "1 session", "3 sessions". */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

const ROLES: Readonly<Record<Role, string>> = { OPERATOR: 'Operator', USER: 'User' };

export function roleName(role: Role): string {
  return ROLES[role] ?? role;
}

/** Where it is longer away than this, a time of day would be taken for that of today. */
const SOON_MS = 3_600_000;

/** What the answer of an operation that ended something promises, and what it does not. */
export function deadBy(at: string): string {
  const when = Date.parse(at) - serverNow() < SOON_MS ? clock(at) : absolute(at);
  return `Every process of this server refuses the access tokens from ${when} on. A service that reads only public keys accepts them until they expire.`;
}
