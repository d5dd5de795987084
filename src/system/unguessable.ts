/** Unguessable texts where there is no Node.js: made by Web Crypto, which browsers have on every page, with TLS or without. */

/** 128 bits, in hex. */
export function unguessableText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
