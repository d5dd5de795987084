/**
 * The headers that protect whoever reads an answer, as fixed texts: for the answers that are written by hand because
 * Node or the framework has no reply object for them. Helmet puts the same on all others; a test compares the two.
 */

import type { HttpOptions } from './parts.js';
import { refusalFor } from './refusal.js';

export const HSTS_SECONDS = 365 * 86_400;

export const CONTENT_POLICY = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  objectSrc: ["'none'"],
};

export interface BareAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A whole refusal, for writing to a socket. The connection ends with it: whatever follows in it is not trusted. */
export function bareRefusal(status: number, { issuer }: Pick<HttpOptions, 'issuer'>): BareAnswer {
  const body = JSON.stringify(refusalFor(status));
  const policy = Object.entries(CONTENT_POLICY).map(([name, values]) => `${kebab(name)} ${values.join(' ')}`);
  const hsts = { 'strict-transport-security': `max-age=${HSTS_SECONDS}; includeSubDomains` };
  return {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      'content-security-policy': policy.join(';'),
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      ...(issuer.startsWith('https:') ? hsts : {}),
      connection: 'close',
    },
    body,
  };
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
