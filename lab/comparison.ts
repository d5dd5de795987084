/** `npm run generate:comparison`: writes the comparison of the session models into the README. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPERIMENTS } from './experiments/index.js';
import { REPOSITORY } from './harness/server.js';
import { READINGS } from './readings/index.js';
import { withComparison } from './report/comparison.js';
import { assemble } from './report/report.js';
import { published } from './report/save.js';

const file = join(REPOSITORY, 'README.md');
const report = assemble(READINGS, EXPERIMENTS, published(REPOSITORY).results);
writeFileSync(file, withComparison(readFileSync(file, 'utf8'), report));
