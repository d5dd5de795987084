/** Generates the schema, migrations and documents again, and fails where what is checked in differs. */

import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const generated = ['schema/schema.graphql', 'schema/migrations', ':(glob)**/generated/**'];

execFileSync('npm', ['run', 'generate'], { cwd: root, stdio: 'inherit' });
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
