/**
 * Taking a signed token apart for whoever looks at it (RFC 7515 §3.1): three texts of base64url, of which two are JSON.
 * Reading is not verifying; the server's own reading is stricter. Pure.
 */

export type Fields = Readonly<Record<string, unknown>>;

export interface ReadToken {
  /** As they stand in the text, between the dots. */
  readonly parts: { readonly header: string; readonly payload: string; readonly signature: string };
  readonly header: Fields;
  readonly claims: Fields;
  readonly signature: Uint8Array<ArrayBuffer>;
  /** Of the text: what travels along with each request. */
  readonly bytes: number;
}

/** The parts, or null where the text is no such token: an opaque one, or nonsense. */
export function readToken(text: string): ReadToken | null {
  const [header, payload, signature, ...more] = text.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0)
    return null;
  try {
    return {
      parts: { header, payload, signature },
      header: fieldsOf(header),
      claims: fieldsOf(payload),
      signature: bytesOf(signature),
      bytes: text.length,
    };
  } catch {
    return null;
  }
}

/** The bytes behind base64url without padding (RFC 4648 §5). Throws where the text is none. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (each) => each.charCodeAt(0));
}

export function textOf(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function fieldsOf(part: string): Fields {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(part)));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('no object');
  return value as Fields;
}

/**
 * The same token with one letter of its payload changed, as somebody would who wants to be somebody else. It is the letter
 * in the middle, so that no bit of it is padding.
 */
export function withOneLetterChanged(text: string): string {
  const [header = '', payload = '', signature = ''] = text.split('.');
  const middle = Math.floor(payload.length / 2);
  const other = payload[middle] === 'A' ? 'B' : 'A';
  return `${header}.${payload.slice(0, middle)}${other}${payload.slice(middle + 1)}.${signature}`;
}
