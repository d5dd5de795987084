/**
 * Identifiers of users, sessions and verifiers: 16 random bytes, written as 22 characters of base64url.
 * Owns their spelling only. UUIDs are avoided on purpose: ASVS 11.5.1 does not count them as unguessable.
 */

declare const kind: unique symbol;

export type UserId = string & { readonly [kind]: 'user' };
export type SessionId = string & { readonly [kind]: 'session' };
export type VerifierId = string & { readonly [kind]: 'verifier' };
type AnyId = UserId | SessionId | VerifierId;

const SPELLING = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** True for the one canonical spelling of 16 bytes: 22 characters, the last with its four unused bits zero. */
export function isIdentifier(text: string): boolean {
  return SPELLING.test(text);
}

export function identifierFromBytes<Id extends AnyId>(bytes: Uint8Array): Id {
  return Buffer.from(bytes).toString('base64url') as Id;
}

export function identifierToBytes(id: AnyId): Buffer {
  return Buffer.from(id, 'base64url');
}
