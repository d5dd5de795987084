/** ASVS 16.2 and 16.4.1: what a line of the log is, and that nobody can write one who should not. */

import { expect, it } from 'vitest';
import { createLog, type LogLevel } from '../../../src/system/log.js';

function written(level: LogLevel, write: (log: ReturnType<typeof createLog>) => void): string[] {
  let text = '';
  write(
    createLog(level, {
      write: (line) => {
        text += line;
      },
    }),
  );
  return text.split('\n').slice(0, -1);
}

it('is one JSON object a line, with level, event, message and time in UTC', () => {
  const lines = written('debug', (log) => {
    log.debug({ event: 'one' }, 'first');
    log.info({ event: 'two', ip: '203.0.113.9' }, 'second');
    log.warn({ event: 'three' }, 'third');
    log.error({ event: 'four', err: new Error('broken') }, 'fourth');
  });
  const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries.map(({ level, event, msg }) => [level, event, msg])).toEqual([
    ['debug', 'one', 'first'],
    ['info', 'two', 'second'],
    ['warn', 'three', 'third'],
    ['error', 'four', 'fourth'],
  ]);
  for (const { time } of entries) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

it.each([
  ['a line break', 'mallory\n{"level":"info","event":"forged"}'],
  ['CR and LF', 'mallory\r\n{"level":"info"}'],
  ['an escape sequence of a terminal', '\u001b[2K\u001b[1Amallory'],
  ['a quote that ends the text', '","event":"forged","x":"'],
  ['a megabyte', 'm'.repeat(1_000_000)],
])('stays one line, whatever a client sends: %s', (_, text) => {
  const lines = written('info', (log) => log.warn({ event: 'login.failed', name: text }, 'refused'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'login.failed', name: text });
  expect(lines[0]).not.toMatch(/\p{Cc}/u);
});

it('writes nothing below its level, and nothing at all when silent', () => {
  const write = (log: ReturnType<typeof createLog>) => {
    log.debug({}, 'debug');
    log.info({}, 'info');
    log.error({}, 'error');
  };
  expect(written('error', write)).toHaveLength(1);
  expect(written('silent', write)).toEqual([]);
});

it('cuts out what is named like a secret, at the top and two levels below', () => {
  const secret = 'violet tram uphill 27';
  const lines = written('info', (log) => {
    log.info({ password: secret }, 'one');
    log.info({ input: { refreshToken: secret, email: 'ada@example.com' } }, 'two');
    log.info({ request: { headers: { authorization: secret, cookie: secret } } }, 'three');
  });
  expect(lines.join()).not.toContain(secret);
  expect(lines.join()).toContain('[redacted]');
  expect(lines.join()).toContain('ada@example.com');
});
