/** Whether a client has an answer already (RFC 9110 §13.1.2). */

/** Weak comparison, since a proxy that compresses makes our tag a weak one. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = ifNoneMatch?.split(',').map((tag) => strong(tag.trim())) ?? [];
  return known.includes(strong(etag)) || known.includes('*');
}

function strong(tag: string): string {
  return tag.replace(/^W\//, '');
}
