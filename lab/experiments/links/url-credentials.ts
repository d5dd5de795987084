/**
 * A credential put into an address, as RFC 6750 §2.3 once allowed and RFC 9700 §4.3.2 forbids: whether it opens anything.
 * These addresses also show that the search for credentials would find one.
 */

import type { Page } from 'playwright-core';
import { fetchIn } from '../../harness/browser.js';
import { readGraphql } from '../../harness/page-client.js';
import { ASKS_FIRST } from './open.js';
import type { Scene } from './openers.js';

const PARAMETERS = ['access_token', 'token', 'authorization', 'refresh_token', '__Host-counterfoil'];
const METHODS = ['GET', 'POST'] as const;
const QUERY = '{ viewer { id } }';

/** Each of the credentials, all of them good as bearer or for a renewal, under each name. */
export async function observeCredentialsInAddresses(
  { site, newcomer, note }: Scene,
  credentials: readonly string[],
): Promise<void> {
  const page = await newcomer();
  for (const parameter of PARAMETERS) {
    for (const method of METHODS) {
      let accepted = false;
      for (const credential of credentials) {
        const inAddress = { [parameter]: credential };
        accepted = (await opens(page, site.graphql, { method, inAddress })) || accepted;
      }
      note('credential in an address', { parameter, method }, accepted ? 'accepted' : 'not accepted');
    }
  }
}

async function opens(
  page: Page,
  graphql: string,
  { method, inAddress }: { method: 'GET' | 'POST'; inAddress: Record<string, string> },
): Promise<boolean> {
  const address = new URLSearchParams(method === 'GET' ? { ...inAddress, query: QUERY } : inAddress);
  const answer = await fetchIn(page, {
    url: `${graphql}?${address}`,
    method,
    headers: { 'content-type': 'application/json', ...ASKS_FIRST },
    ...(method === 'POST' ? { body: JSON.stringify({ query: QUERY }) } : {}),
    credentials: 'omit',
  });
  return Boolean(readGraphql(answer).data?.['viewer']);
}
