/**
 * The page for those who know no cryptography. Its picture of the verdicts is walked through and compared with the judge,
 * in every case there is; its table is compared with the guarantees of the models; and it is read in ten minutes. That its
 * links lead somewhere is shown for all pages by `docs.test.ts`.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GUARANTEES, type Guarantees } from '../../src/session/guarantees.js';
import { ENDED_BECAUSE, judge } from '../../src/session/judge.js';
import { REPOSITORY } from '../support/sandbox.js';
import { ANSWERS, cases, POLICY, readPicture, walk, yes } from './verdict-picture.js';

const page = readFileSync(join(REPOSITORY, 'docs/how-it-works.md'), 'utf8');
const picture = readPicture(/```mermaid\n(flowchart[\s\S]*?)```/.exec(page)?.[1] ?? '');

const { labels, edges } = picture;

function tableThatBegins(head: string): string {
  return page.slice(page.indexOf(head)).split('\n\n')[0] ?? '';
}

describe('the picture of the verdicts', () => {
  test('asks nothing whose meaning is not known here', () => {
    const asked = new Set(edges.filter(({ label }) => label !== '').map(({ from }) => labels.get(from)));
    expect([...asked].sort()).toEqual(Object.keys(ANSWERS).sort());
  });

  test('comes to the verdict of the judge in every case, and every arrow is taken in one', () => {
    const ways = new Set<string>();
    const reasons = new Set<string>();
    for (const on of cases()) {
      const verdict = judge(on.found, on.presented, on.now, POLICY);
      const { to, label } = walk(picture, on);
      const outcome = labels.get(to) ?? '';
      ways.add(to);
      expect(/^\w+/.exec(outcome)?.[0]).toBe(verdict.kind);
      if (verdict.kind === 'ended') {
        expect(label).toMatch(new RegExp(`^no: .*\\b${verdict.because}\\b`));
        reasons.add(verdict.because);
      }
      if (verdict.kind === 'rotate' && on.presented.kind === 'readable')
        expect(verdict.to).toBe(
          outcome.includes('to g + 1') ? verdict.from + 1 : on.presented.generation + 1,
        );
    }
    const ends = edges.map(({ to }) => to).filter((to) => !edges.some(({ from }) => from === to));
    expect([...ways].sort()).toEqual([...new Set(ends)].sort());
    expect([...reasons].sort()).toEqual([...ENDED_BECAUSE].sort());
  });
});

describe('the table of the models', () => {
  const WORDS: Readonly<Record<string, (guarantees: Guarantees) => string>> = {
    'asks the database whether you are signed in': ({ storeReadsPerRequest, storeWritesPerRenewal }) => {
      if (storeReadsPerRequest > 0) return 'at each request';
      return storeWritesPerRenewal > 0 ? 'at each refresh' : 'never';
    },
    'an ended session is refused': ({ revocationFelt }) =>
      ({
        'next request': 'at the next request',
        'within maxStaleness': 'within 5 seconds, by all processes',
        'not before the absolute expiry': 'only when it cannot be renewed any more',
      })[revocationFelt],
    'logging out all devices': ({ endsAllSessions }) => yes(endsAllSessions),
    'whoever has the signing key': ({ leakedSigningKey }) =>
      ({
        'no forgeries': 'can forge nothing',
        'forgeries until it is revoked': 'forges tokens until the key is revoked',
        'forgeries, and what they are renewed into': 'forges tokens, and renews them past it',
      })[leakedSigningKey],
    'then honest users': ({ signingKeyRevoked }) =>
      ({
        nothing: 'notice nothing',
        'a silent refresh': 'refresh, and notice nothing',
        'everybody signs in again': 'sign in again',
      })[signingKeyRevoked],
    'a copy of the database opens': ({ leakedDatabase }) => leakedDatabase,
    'travels with each request, at most': ({ credentialBytes }) => `${credentialBytes} characters`,
    'other services can check it alone': ({ verifiableElsewhere }) => yes(verifiableElsewhere),
  };
  const table = tableThatBegins('| | stateful');
  const rows = table.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const [, ...models] = rows[0] ?? [];

  test('says what the guarantees say, in words', () => {
    expect(rows.slice(2).map(([what]) => what)).toEqual(Object.keys(WORDS));
    for (const [what = '', ...cells] of rows.slice(2))
      for (const [index, model] of models.entries()) {
        const guarantees = GUARANTEES[model as keyof typeof GUARANTEES];
        expect(cells[index], `${what}, ${model}`).toBe(WORDS[what]?.(guarantees));
      }
  });
});

test('is read in ten minutes, at 220 words a minute, the diagrams counted as words too', () => {
  const words = page
    .replaceAll(/\]\([^)]*\)/g, ']')
    .split(/\s+/)
    .filter((word) => /\p{L}|\p{N}/u.test(word));
  expect(words.length).toBeGreaterThan(1500);
  expect(words.length / 220).toBeLessThanOrEqual(10);
});

test('says in one sentence each what a token, a hash, a signature and a key are, before it goes on to use them', () => {
  for (const term of ['token', 'hash', 'signature', 'key']) {
    const at = page.indexOf(`**${term}**:`);
    expect(at, term).toBeGreaterThan(0);
    expect(at, term).toBeLessThan(page.indexOf('## First flow'));
  }
});

test('every attack names the test that shows what stops it', () => {
  const attacks = tableThatBegins('| attack |');
  const rows = attacks.split('\n').slice(2);
  expect(rows.length).toBeGreaterThanOrEqual(10);
  for (const row of rows) expect(row).toMatch(/\]\(\.\.\/test\/[\w/-]+\.test\.ts\)/);
});
