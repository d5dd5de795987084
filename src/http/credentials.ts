/**
 * Credentials of a request: a bearer token from the `Authorization` header (RFC 6750 §2.1) and a refresh token from the
 * `__Host-` cookie. Nothing is ever read from a URL, and the two are never mistaken for one another.
 */

import { isIP } from 'node:net';
import { parse } from 'cookie';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../graphql/context.js';
import type { PresentedCredentials } from '../session/contract.js';
import { clientLabelFrom } from './client-label.js';

export const REFRESH_COOKIE = '__Host-counterfoil';

export function presentedCredentials(request: FastifyRequest): PresentedCredentials {
  return { bearer: bearerToken(request), cookie: refreshCookie(request.headers.cookie) };
}

/**
 * Whose session a client takes itself to be. A cookie changes hands where somebody else signs in, and a page that has not
 * heard of it would show one user's data as another's.
 */
export function sessionMeant({ headers }: FastifyRequest): string | null {
  const { 'counterfoil-session': meant } = headers;
  return typeof meant === 'string' ? meant : null;
}

/** The token of a `Bearer` header; an empty text, which no model accepts, for one with another scheme or several tokens. */
function bearerToken(request: FastifyRequest): string | null {
  const header = request.headers.authorization;
  if (header === undefined || header === '') return null;
  // Node joins nothing here: of several Authorization headers it keeps the first, so a second is looked for in the raw list.
  if (countOf(request.raw.rawHeaders, 'authorization') > 1) return '';
  const [, token] = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header) ?? [];
  return token ?? '';
}

/** How often a header was sent; `name` in lower case. */
export function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const sent = rawHeaders[at] ?? '';
    if (sent.length === name.length && sent.toLowerCase() === name) count += 1;
  }
  return count;
}

function refreshCookie(header: string | undefined): string | null {
  return (header && parse(header)[REFRESH_COOKIE]) || null;
}

export function callerOf(request: FastifyRequest): Caller {
  const address = request.ip;
  return {
    ipAddress: isIP(address) ? address.replace(/^::ffff:(?=\d+\.)/, '') : null,
    clientLabel: clientLabelFrom(request.headers['user-agent']),
  };
}
