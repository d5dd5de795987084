/** The `counterfoil` command on one SQLite file, run in this process. */

import { dirname } from 'node:path';
import { commandIn, type Ran } from '../../support/command.js';

export function runCommand(
  file: string,
  line: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return commandIn(dirname(file), { COUNTERFOIL_DATABASE: `file:${file}`, ...environment })(line);
}
