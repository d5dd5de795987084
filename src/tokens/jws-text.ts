/**
 * The strict reading of a compact JWS (RFC 7515 §7.1): three canonical base64url parts, a header of exactly `alg`, `typ`
 * and `kid`, JSON in its one canonical spelling. Says what a token is made of, and nothing of whether it is good.
 *
 * Free of all that only Node has: the server and `counterfoil/verify`, in browsers and edge runtimes, read tokens by this.
 */

/** No token of ours comes near; longer input is refused before any work is spent on it. */
const MAX_TOKEN_LENGTH = 8192;

export interface JwsText {
  readonly header: { readonly alg: string; readonly typ: string; readonly kid: string };
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
  /** What was signed: header and payload as they came. */
  readonly input: string;
}

/** The parts, or null for anything that is not the one spelling of a token with such a header. */
export function readJws(token: string): JwsText | null {
  if (token.length > MAX_TOKEN_LENGTH) return null;
  const [head, body, tail, ...more] = token.split('.');
  if (head === undefined || body === undefined || tail === undefined || more.length > 0) return null;
  const headerBytes = canonicalBytes(head);
  const payload = canonicalBytes(body);
  const signature = canonicalBytes(tail);
  if (headerBytes === null || payload === null || signature === null) return null;
  const fields = canonicalObject(headerBytes);
  if (fields === null || Object.keys(fields).length !== 3) return null;
  const { alg, typ, kid } = fields;
  if (typeof alg !== 'string' || typeof typ !== 'string' || typeof kid !== 'string') return null;
  return { header: { alg, typ, kid }, payload, signature, input: `${head}.${body}` };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NO_DIGIT = 64;
/** The six bits of each character code below 128. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = ALPHABET.indexOf(String.fromCharCode(code));
  return digit < 0 ? NO_DIGIT : digit;
});

/**
 * The bytes behind a base64url text, or null if there are none or the text is not the one spelling of them: without
 * padding, and with the unused bits of its last character zero (RFC 4648 §3.5, §5).
 */
function canonicalBytes(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length < 2 || text.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let pending = 0;
  let bits = 0;
  let written = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = DIGITS[text.charCodeAt(index)] ?? NO_DIGIT;
    if (digit === NO_DIGIT) return null;
    pending = ((pending << 6) | digit) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[written] = pending >> bits;
      written += 1;
    }
  }
  return (pending & ((1 << bits) - 1)) === 0 ? bytes : null;
}

/** Refuses what is no UTF-8 and repairs nothing, so that two payloads never read the same; a byte order mark stays. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A JSON object, or null if its text differs from what `JSON.stringify` would write: no member twice, no 1e400. */
export function canonicalObject(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const canonical = JSON.stringify(value);
    // What it writes as \ud… is half a character, which no UTF-8 can hold.
    if (canonical.includes('\\ud')) return null;
    return canonical === text ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
