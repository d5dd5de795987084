/** Looks for credentials where none belongs: every credential that was issued, in every address, Referer and line of log. */

import type { Passed } from '../../harness/front.js';
import { COOKIE, type Site } from '../../harness/site.js';

/** What was written down, by where. */
export type Written = Readonly<Record<string, readonly string[]>>;

export function writtenIn(
  { front, log }: Site,
  browserUrls: readonly string[],
  referers: readonly string[],
): Written {
  const all = <Part>(part: (passed: Passed) => Part | null) =>
    front.passed.map(part).filter((one) => one !== null);
  return {
    'addresses that the browser asked for': browserUrls,
    'addresses that reached the server': all(({ url }) => url),
    'Referer headers': [...referers, ...all(({ referer }) => referer)].filter((one) => one !== ''),
    'Location headers': all(({ location }) => location),
    'lines of the server log': log()
      .split('\n')
      .filter((line) => line !== ''),
  };
}

/** Every token in a body, every value of the cookie: whatever the server gave to anybody. */
export function issuedBy(passed: readonly Passed[]): Set<string> {
  const issued = new Set<string>();
  for (const { body, setCookies } of passed) {
    for (const [, token] of body.matchAll(/"(?:accessToken|refreshToken)":"([^"]+)"/g))
      if (token) issued.add(token);
    for (const line of setCookies) {
      const [name, value] = line.split(';', 1)[0]?.split('=') ?? [];
      if (name === COOKIE && value) issued.add(value);
    }
  }
  return issued;
}

/** How many of the texts hold any of the credentials, whole or only the part that proves it. */
export function countWith(credentials: ReadonlySet<string>, texts: readonly string[]): number {
  const needles = [...credentials].map((credential) => credential.split('.').at(-1) ?? credential);
  return texts.filter((text) => needles.some((needle) => text.includes(needle))).length;
}
