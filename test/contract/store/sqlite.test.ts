/** The whole store contract on SQLite, in memory and on a file. */

import { attemptsContract } from './attempts.js';
import { countingContract } from './counting.js';
import { endingsContract } from './endings.js';
import { keysContract } from './keys.js';
import { leasesContract } from './leases.js';
import { auditContract, revocationsContract } from './logs.js';
import { sessionsContract } from './sessions.js';
import { inMemory, onFile } from './sqlite.js';
import { usersContract } from './users.js';
import { verifiersContract } from './verifiers.js';

for (const factory of [inMemory, onFile]) {
  usersContract(factory);
  sessionsContract(factory);
  endingsContract(factory);
  countingContract(factory);
  keysContract(factory);
  revocationsContract(factory);
  auditContract(factory);
  attemptsContract(factory);
  leasesContract(factory);
  verifiersContract(factory);
}
