/** Writes `schema/schema.graphql` from the code. Run by `npm run generate:schema`. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { counterfoilSchema } from './schema.js';

const target = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url));
writeFileSync(target, `${printSchema(lexicographicSortSchema(counterfoilSchema()))}\n`);
