/** The documents against the repository: what they name exists, and what they state as a default is one. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readEnvironment, VARIABLE_NAMES } from '../../src/config/environment.js';
import { counterfoilSchema } from '../../src/graphql/schema.js';
import { commandIn } from '../support/command.js';
import { REPOSITORY } from '../support/sandbox.js';

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

/** Every Markdown file that is part of the repository, new ones included. */
const pages = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.md', ':!test/fixtures'],
  { cwd: REPOSITORY, encoding: 'utf8' },
)
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(REPOSITORY, path)));

/** The cells of the rows of a Markdown table whose first cell is one name in backticks. */
function namedRows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => /^\| `[A-Z_0-9]+` \|/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const unquoted = (cell: string | undefined) => /^`(.*)`$/.exec(cell ?? '')?.[1];

/** A heading as GitHub makes an anchor of it. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the configuration table', () => {
  const rows = namedRows(read('README.md'));
  const defaults = rows.flatMap(([name, value]) => {
    const [variable, given] = [unquoted(name), unquoted(value)];
    return variable !== undefined && given !== undefined ? [[variable, given] as const] : [];
  });

  test('has a row for every variable, and no other', () => {
    expect(rows.map(([name]) => unquoted(name)).sort()).toEqual([...VARIABLE_NAMES].sort());
  });

  test.each(defaults)('names the default of %s: giving it changes nothing', (name, value) => {
    expect(readEnvironment({ [name]: value })).toEqual(readEnvironment({}));
  });

  test('names a default for everything that has one of its own', () => {
    const withoutOne = VARIABLE_NAMES.filter((name) => !defaults.some(([known]) => known === name));
    expect(withoutOne.sort()).toEqual([
      'COUNTERFOIL_ALLOWED_ORIGINS',
      'COUNTERFOIL_AUDIENCE',
      'COUNTERFOIL_DATABASE_FILE',
      'COUNTERFOIL_ISSUER',
      'COUNTERFOIL_MASTER_KEY',
      'COUNTERFOIL_MASTER_KEY_FILE',
      'COUNTERFOIL_METRICS_TOKEN',
      'COUNTERFOIL_OPERATOR_EMAIL',
      'COUNTERFOIL_OPERATOR_PASSWORD',
      'COUNTERFOIL_OPERATOR_PASSWORD_FILE',
      'COUNTERFOIL_PASSWORD_WORDS',
      'COUNTERFOIL_TRUSTED_PROXIES',
      'NODE_ENV',
    ]);
  });
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  test('links to files and headings that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = links.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(REPOSITORY, file))) return true;
      return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('names scripts that package.json has', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
    const named = [...text.matchAll(/npm (?:run (?:--silent )?([a-z][a-z:]*)|(start|test)\b)/g)].map(
      ([, script, short]) => script ?? short,
    );
    expect(named.filter((name) => name === undefined || !scripts.includes(name))).toEqual([]);
  });

  test('names commands that exist, with options that they have', async () => {
    // In code only: after "counterfoil ", the words of a command, then perhaps an argument in capitals, and options.
    const lines = [...text.matchAll(/(?:`|^|=\S+ |# {3})counterfoil ([a-z][^`\n]*)/gm)].map(
      ([, line = '']) => line,
    );
    for (const line of lines) {
      const words = /^([a-z]+(?: [a-z]+)?)(?= |$)/.exec(line)?.[1] ?? '';
      const help = await commandIn('nowhere')([...words.split(' '), '--help']);
      expect(help.out, line).toContain(`Usage: counterfoil ${words} [options]`);
      for (const [option] of line.matchAll(/--[a-z-]+/g)) expect(help.out, line).toContain(option);
    }
  });

  test('names files of the repository that are there', () => {
    const named = [...text.matchAll(/`((?:src|test|schema|docs|examples|lint)\/[\w./-]+\.\w+)`/g)].map(
      ([, path = '']) => path,
    );
    const bases = [REPOSITORY, join(REPOSITORY, dirname(page))];
    expect(named.filter((path) => !bases.some((base) => existsSync(join(base, path))))).toEqual([]);
  });
});

test('the operations of the first query are valid', () => {
  const bodies = [...read('README.md').matchAll(/-d '(\{[^']*\})'/g)].map(([, body = '']) => body);
  expect(bodies).toHaveLength(2);
  for (const body of bodies) {
    const { query } = JSON.parse(body) as { query: string };
    expect(validate(counterfoilSchema(), parse(query)).map(String)).toEqual([]);
  }
});
