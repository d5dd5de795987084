/** A user: who signs in. Owns what a user is and how an address is compared; not how one is stored. */

import type { UserId } from './identifier.js';
import { hasInvisible } from './text.js';

export const ROLES = ['USER', 'OPERATOR'] as const;
export type Role = (typeof ROLES)[number];

export type Standing =
  | { readonly kind: 'active' }
  | { readonly kind: 'suspended'; readonly at: number; readonly reason: string };

export interface User {
  readonly id: UserId;
  /** As the user wrote it, trimmed. */
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Sessions and tokens of an older epoch are dead. Raising it logs out all devices. */
  readonly epoch: number;
  readonly standing: Standing;
  readonly createdAt: number;
}

/**
 * The form in which two addresses are the same: NFKC, lower case. The local part keeps its dots and tags, since only
 * the receiving server knows what they mean.
 */
export function emailKey(email: string): string {
  return email.normalize('NFKC').toLowerCase().normalize('NFKC').trim();
}

/** In UTF-16 units. */
export const MAX_EMAIL = 254;
const ADDRESS =
  /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@(?=[^@]{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;

/**
 * Whether the text is an address as RFC 5321 and 6531 write it, without quoting, comments or address literals; and without
 * letters that are drawn as nothing, by which one address would look like another.
 */
export function isEmail(text: string): boolean {
  return text.length <= MAX_EMAIL && text.indexOf('@') <= 64 && ADDRESS.test(text) && !hasInvisible(text);
}
