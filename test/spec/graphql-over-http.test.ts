/**
 * The audits of GraphQL over HTTP, each by its id, against the server on a socket. No MUST may fail; whatever else does
 * is listed here, and docs/decisions/0006-graphql-over-http.md says why.
 */

import { type Audit, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Loopback, startLoopback } from '../support/loopback.js';

let at: Loopback;

beforeAll(async () => {
  at = await startLoopback();
});

afterAll(() => at.stop());

/** What fails by decision: a request that was never executed has status 400 for clients of `application/json`, too. */
const FOUR_HUNDRED = ['572B', 'FDE2', '7B9B'];
/** What fails by decision: a GET without the header that makes a browser ask first. */
const WITHOUT_PREFLIGHT = ['5A70', 'D6D5', '6A70'];

function audits(headers: Record<string, string>): Audit[] {
  const fetchFn = (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), ...headers } });
  return serverAudits({ url: () => `${at.origin}/graphql`, fetchFn });
}

async function outcomeOf(audit: Audit): Promise<string> {
  const result = await audit.fn();
  if (result.status === 'ok') return 'ok';
  await result.response.body?.cancel();
  return `${result.status}: ${result.reason}`;
}

describe('a client that knows nothing of this server', () => {
  for (const audit of audits({})) {
    it(`${audit.id} ${audit.name}`, async () => {
      if (FOUR_HUNDRED.includes(audit.id)) {
        expect(await outcomeOf(audit)).toBe('warn: Response status code is not 200');
      } else if (WITHOUT_PREFLIGHT.includes(audit.id)) {
        expect(await outcomeOf(audit)).toBe('notice: Response status code is not 200');
      } else {
        expect(await outcomeOf(audit)).toBe('ok');
      }
    });
  }
});

describe('a client that sends apollo-require-preflight', () => {
  it('may use GET: every audit passes but for the status of requests that were never executed', async () => {
    const failing: string[] = [];
    for (const audit of audits({ 'apollo-require-preflight': '1' })) {
      if ((await outcomeOf(audit)) !== 'ok') failing.push(audit.id);
    }
    expect(failing).toEqual(FOUR_HUNDRED);
  });
});

describe('the list of exceptions', () => {
  it('names audits that exist, and none of them is a MUST', () => {
    const names = new Map(audits({}).map(({ id, name }) => [id, name]));
    for (const id of [...FOUR_HUNDRED, ...WITHOUT_PREFLIGHT]) expect(names.get(id)).toMatch(/^(SHOULD|MAY) /);
  });
});
