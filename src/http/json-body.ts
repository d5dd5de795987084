/**
 * The body of a request: JSON in UTF-8 whose texts are Unicode (RFC 8259 §8.1, RFC 7493 §2.1). Anything else is refused
 * rather than repaired: two passwords that differ only in what cannot be encoded would become the same one.
 */

import type { FastifyInstance } from 'fastify';

const UTF_8 = new TextDecoder('utf-8', { fatal: true });
const MAYBE_SURROGATE = /\\u[dD][89abAB]|\\u[dD][c-fC-F]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** For the scope that takes JSON: it takes nothing else. */
export function acceptOnlyJson(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = textOf(body as Buffer);
    if (text === null) return done(badRequest());
    void parse(request, text, (fault, value) => {
      if (fault) done(fault);
      else if (MAYBE_SURROGATE.test(text) && !isUnicode(value)) done(badRequest());
      else done(null, value);
    });
  });
}

function textOf(bytes: Buffer): string | null {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return null;
  }
}

/** Walks without recursion: a body may nest deeper than the stack. */
function isUnicode(value: unknown): boolean {
  const rest = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next === 'string' && LONE_SURROGATE.test(next)) return false;
    if (typeof next === 'object' && next !== null)
      for (const entry of Object.entries(next)) rest.push(...entry);
  }
  return true;
}

function badRequest(): Error {
  return Object.assign(new Error('The body is not JSON in UTF-8.'), { statusCode: 400 });
}
