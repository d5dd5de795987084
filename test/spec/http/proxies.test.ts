/** Whose address a request has: the connection's, unless a proxy that was configured says otherwise (ASVS V4.1.3). */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutation, PASSWORD } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';

const FORGED = '203.0.113.7';
const SPOOFS: Record<string, string> = {
  'x-forwarded-for': FORGED,
  forwarded: `for=${FORGED}`,
  'x-real-ip': FORGED,
  'x-client-ip': FORGED,
  'true-client-ip': FORGED,
  'cf-connecting-ip': FORGED,
  'x-cluster-client-ip': FORGED,
};

async function seenAddress(
  at: Loopback,
  headers: Record<string, string>,
): Promise<string | null | undefined> {
  const input = { email: 'ada@example.test', password: PASSWORD };
  const answer = await at.post(mutation('login'), { input }, headers);
  const { data } = (await answer.json()) as { data: { login: { session: { ipAddress: string | null } } } };
  return data.login.session.ipAddress;
}

describe('without a configured proxy', () => {
  let at: Loopback;
  beforeAll(async () => {
    at = await startLoopback({ settings: { rateLimits: 'on' } });
    await at.user('ada@example.test');
  });
  afterAll(() => at.stop());

  it.each(Object.entries(SPOOFS))('%s is not believed', async (name, value) => {
    expect(await seenAddress(at, { [name]: value })).toBe('127.0.0.1');
  });

  it('a new forged address for each guess does not get around the limit', async () => {
    const outcomes: string[] = [];
    for (let guess = 0; guess < 12; guess += 1) {
      const input = { email: 'ada@example.test', password: `guess number ${guess}` };
      const answer = await at.post(mutation('login'), { input }, { 'x-forwarded-for': `203.0.113.${guess}` });
      const { data } = (await answer.json()) as { data: { login: { __typename: string } } };
      outcomes.push(data.login.__typename);
    }
    expect(outcomes.slice(0, 5)).toEqual(Array(5).fill('InvalidCredentials'));
    expect(outcomes.slice(5)).toEqual(Array(7).fill('Throttled'));
    const { audit_log: audit = [] } = await at.dump();
    expect(audit.map((row) => (row as { ip_address: string | null }).ip_address)).not.toContain(
      '203.0.113.0',
    );
  });
});

describe('behind a configured proxy on this machine', () => {
  let at: Loopback;
  beforeAll(async () => {
    at = await startLoopback({ settings: { trustedProxies: ['127.0.0.1/32', '10.0.0.0/8'] } });
    await at.user('ada@example.test');
  });
  afterAll(() => at.stop());

  it.each([
    ['what the proxy says', '198.51.100.4', '198.51.100.4'],
    [
      'only what the proxy added, not what the client had put there',
      `${FORGED}, 198.51.100.4`,
      '198.51.100.4',
    ],
    [
      'the first address that is no trusted proxy, from the right',
      `${FORGED}, 198.51.100.4, 10.1.2.3`,
      '198.51.100.4',
    ],
    ['IPv6 as it is', '2001:db8::7', '2001:db8::7'],
    ['a mapped IPv4 address as IPv4', '::ffff:198.51.100.4', '198.51.100.4'],
    ['nothing, where it says no address', 'unknown', null],
    ['nothing, where it says a name', 'evil.test', null],
    ['nothing, where it says markup', '<script>', null],
  ])('believes %s', async (_name, header, address) => {
    expect(await seenAddress(at, { 'x-forwarded-for': header })).toBe(address);
  });

  it('believes no other header', async () => {
    const { 'x-forwarded-for': _believed, ...others } = SPOOFS;
    expect(await seenAddress(at, others)).toBe('127.0.0.1');
  });

  it('a forwarded host or scheme that makes no URL is a bad request, not a fault of ours', async () => {
    for (const headers of [
      { 'x-forwarded-host': '[' },
      { 'x-forwarded-host': 'a b' },
      { 'x-forwarded-proto': 'a b' },
    ]) {
      const answer = await at.post('{ __typename }', {}, headers as Record<string, string>);
      expect(answer.status).toBe(400);
    }
  });
});

describe('behind a proxy that is not on the list', () => {
  it('believes nothing it says', async () => {
    const at = await startLoopback({ settings: { trustedProxies: ['10.0.0.0/8'] } });
    try {
      await at.user('ada@example.test');
      expect(await seenAddress(at, { 'x-forwarded-for': FORGED })).toBe('127.0.0.1');
    } finally {
      await at.stop();
    }
  });
});
