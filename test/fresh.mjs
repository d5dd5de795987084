/**
 * Generates the schema, migrations, documents, the README's comparison and the lab's report again, and fails where what
 * is checked in differs. The report is made of recorded figures; nothing is measured.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const generated = [
  'schema/schema.graphql',
  'schema/migrations',
  ':(glob)**/generated/**',
  'docs/research.md',
  'lab/report.html',
  'lab/plots',
];
// Written by hand but for one table: a change that is not committed yet is no fault of it.
const readme = join(root, 'README.md');
const written = readFileSync(readme, 'utf8');

execFileSync('npm', ['run', 'generate'], { cwd: root, stdio: 'inherit' });
if (readFileSync(readme, 'utf8') !== written) {
  console.error(
    'The comparison of session models in README.md was not what its parts say. Look at it, then commit.',
  );
  process.exit(1);
}
const results = join(root, 'lab/results');
if (existsSync(results) && readdirSync(results).some((name) => name.endsWith('.json')))
  execFileSync('npm', ['run', '--silent', 'lab', '--', '--report'], { cwd: root, stdio: 'inherit' });
const status = execFileSync('git', ['status', '--porcelain', '--', ...generated], {
  cwd: root,
  encoding: 'utf8',
});
if (status !== '') {
  console.error(`Generated files differ from what is checked in. Look at them, then commit:\n${status}`);
  execFileSync('git', ['--no-pager', 'diff', '--stat', '--', ...generated], { cwd: root, stdio: 'inherit' });
  process.exit(1);
}
console.log('Generated files are fresh.');
