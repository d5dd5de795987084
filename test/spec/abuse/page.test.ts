/** ASVS 6.1.1: the limits are written down, and the page says what the code does. */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  ADDRESS_RULES,
  BROADCAST_RULES,
  END_OTHERS_RULES,
  MESSAGE_RULES,
  PAIR_RULES,
  REFRESH_RULE,
  REGISTER_RULES,
  SESSION_RULES,
  STRANGER_RULES,
  VERIFIER_RULES,
} from '../../../src/account/attempts.js';
import { configFrom } from '../../../src/config/settings.js';
import { DocumentLimits } from '../../../src/graphql/limits/rules.js';
import { FORM_LIMIT_BYTES } from '../../../src/http/form-body.js';
import { BODY_LIMIT_BYTES } from '../../../src/http/graphql.js';
import { PUSH_LIMITS } from '../../../src/http/push-limits.js';
import { FEED_LIMITS } from '../../../src/http/revocations.js';
import { KEPT } from '../../../src/revocation/feed.js';

const page = readFileSync('docs/limits.md', 'utf8');
/** The cells of the row that begins with a name. */
const rowOf = (name: string) =>
  page
    .split('\n')
    .find((line) => line.startsWith(`| \`${name}\` |`) || line.startsWith(`| ${name} |`))
    ?.split('|')
    .map((cell) => cell.trim());

const rules = [
  ...ADDRESS_RULES,
  ...PAIR_RULES,
  ...STRANGER_RULES,
  ...SESSION_RULES,
  ...REGISTER_RULES,
  ...VERIFIER_RULES,
  ...END_OTHERS_RULES,
  ...MESSAGE_RULES,
  ...BROADCAST_RULES,
  REFRESH_RULE,
];

it.each(rules.map((rule) => [rule.name, rule] as const))('%s', (name, { points, windowSeconds }) => {
  expect(rowOf(name)?.[3]).toBe(`${points} in ${windowSeconds} s`);
});

it.each(Object.entries(DocumentLimits))('documents: %s', (name, limit) => {
  expect(rowOf(name)?.[2]).toBe(String(limit));
});

it('names the queue, the password lengths and the body as they are by default', () => {
  const { passwords } = configFrom({});
  expect(rowOf('hashes waiting')?.[2]).toBe(String(passwords.queueLimit));
  expect(rowOf('password')?.[2]).toContain(`${passwords.maxLength} code points`);
  expect(page).toContain(`Passwords are at least ${passwords.minLength} characters`);
  expect(rowOf('body of a request')?.[2]).toBe(`${BODY_LIMIT_BYTES / 1024} KiB`);
});

it('names the limits of what verifiers call', () => {
  expect(rowOf('body for `/oauth/introspect` and `/oauth/revoke`')?.[2]).toBe(
    `${FORM_LIMIT_BYTES / 1024} KiB`,
  );
  expect(rowOf('connections to one process')?.[2]).toBe(String(FEED_LIMITS.readers));
  expect(rowOf('connections of one verifier to one process')?.[2]).toBe(
    String(FEED_LIMITS.readersPerVerifier),
  );
  const { bufferBytes, connectionMs, recheckMs } = FEED_LIMITS;
  expect(rowOf('what waits for a reader that does not take it')?.[2]).toContain(`${bufferBytes / 1024} KiB`);
  expect(rowOf('life of a connection')?.[2]).toContain(`${connectionMs / 1000} s`);
  expect(rowOf('how long a withdrawn credential keeps a connection')?.[2]).toBe(`${recheckMs / 1000} s`);
  expect(rowOf('events kept for resuming')?.[2]).toBe(String(KEPT));
});

it('names the limits of clients that listen', () => {
  const limitOf = (name: string) => rowOf(name)?.[2];
  const limits = PUSH_LIMITS;
  expect(limitOf('WebSockets to one process, and as many event streams')).toBe(String(limits.connections));
  expect(limitOf('connections of one user to one process, of each kind')).toBe(
    String(limits.connectionsPerUser),
  );
  expect(limitOf('WebSockets to one process that have shown no token yet, among those')).toBe(
    String(limits.strangers),
  );
  expect(limitOf('WebSockets from one address (IPv6: a /64) that have shown no token yet')).toBe(
    String(limits.strangersPerAddress),
  );
  expect(limitOf('subscriptions on one WebSocket')).toBe(String(limits.subscriptionsPerConnection));
  expect(limitOf('one message from a client')).toBe(`${limits.messageBytes / 1024} KiB`);
  expect(limitOf('messages from a client')).toBe(`${limits.messages} in 10 s`);
  expect(limitOf('time until `connection_init`')).toBe(`${limits.initMs / 1000} s`);
  expect(limitOf('time for last words, and for an answer to a close')).toBe(`${limits.farewellMs / 1000} s`);
  expect(limitOf('between two heartbeats')).toBe(`${limits.heartbeatMs / 1000} s`);
  expect(limitOf('what waits for a client that does not read')).toContain(`${limits.bufferBytes / 1024} KiB`);
});

it('names every knob that exists, and none that does not', () => {
  const environment = readFileSync('src/config/environment.ts', 'utf8');
  const named = [...new Set(page.match(/COUNTERFOIL_[A-Z0-9_]*[A-Z0-9]/g))];
  expect(named.filter((name) => !environment.includes(`${name}:`))).toEqual([]);
  expect(named).toContain('COUNTERFOIL_RATE_LIMITS');
  expect(named).toContain('COUNTERFOIL_TRUSTED_PROXIES');
});
