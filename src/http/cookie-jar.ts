/**
 * The jar that writes the refresh cookie: `__Host-` (so Secure, Path=/ and no Domain, RFC 6265bis §4.1.3), HttpOnly,
 * SameSite=Strict. However often it changes during a request, one `Set-Cookie` of it goes out.
 */

import { serialize } from 'cookie';
import type { FastifyReply } from 'fastify';
import type { CookieJar } from '../graphql/context.js';
import type { Clock } from '../system/clock.js';
import { REFRESH_COOKIE } from './credentials.js';

/** What a browser should forget at logout (W3C Clear Site Data); the cookie is expired by name, not by wiping the site's. */
const FORGET = '"cache", "storage"';

export function cookieJar(reply: FastifyReply, clock: Clock): CookieJar {
  function write(value: string, maxAge: number): void {
    const others = [reply.getHeader('set-cookie') ?? []].flat().map(String);
    const kept = others.filter((cookie) => !cookie.startsWith(`${REFRESH_COOKIE}=`));
    const ours = serialize(REFRESH_COOKIE, value, {
      secure: true,
      httpOnly: true,
      sameSite: 'strict',
      path: '/',
      maxAge,
    });
    reply.removeHeader('set-cookie');
    reply.header('set-cookie', [...kept, ours]);
  }

  return {
    keep: (refreshToken, expiresAt) =>
      write(refreshToken, Math.max(0, Math.floor((expiresAt - clock.now()) / 1000))),
    clear: () => {
      write('', 0);
      reply.header('clear-site-data', FORGET);
    },
  };
}
