/**
 * Bodies of the OAuth endpoints: `application/x-www-form-urlencoded` in UTF-8 (RFC 6749 appendix B), each parameter at
 * most once (§3.2). What does not decode is refused, not repaired.
 */

import type { FastifyInstance } from 'fastify';

export const FORM_LIMIT_BYTES = 16 * 1024;

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

export type Form = ReadonlyMap<string, string>;

/** For the scope that takes forms: it takes nothing else. */
export function acceptOnlyForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: FORM_LIMIT_BYTES },
    (_request, body, done) => {
      const form = formOf(body as Buffer);
      if (form === null) done(Object.assign(new Error('The body is not a form.'), { statusCode: 400 }));
      else done(null, form);
    },
  );
}

function formOf(bytes: Buffer): Form | null {
  const form = new Map<string, string>();
  try {
    for (const pair of UTF_8.decode(bytes).split('&')) {
      if (pair === '') continue;
      const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
      const name = decoded(pair.slice(0, at));
      if (form.has(name)) return null;
      form.set(name, decoded(pair.slice(at + 1)));
    }
    return form;
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
