/**
 * The one claim of ours that a deployment can make as large as it likes is `iss`: its configuration takes any origin,
 * however long. So an issuer of so many bytes more stands for so many bytes of claims.
 */

const USUAL = 'http://localhost:4000';
/** No part of a name is longer (RFC 1035 §2.3.4). */
const MOST = 63;

/** An issuer of exactly `more` bytes more than the usual one; 0 or at least 16. */
export function issuerOf(more: number): string {
  if (more === 0) return USUAL;
  const end = '.localhost';
  let left = USUAL.length + more - 'http://'.length - end.length;
  const parts: string[] = [];
  while (left > 0) {
    // A last part needs a character besides its dot.
    const size = left <= MOST ? left : Math.min(MOST, left - 2);
    parts.push('i'.repeat(size));
    left -= size + 1;
  }
  return `http://${parts.join('.')}${end}`;
}
