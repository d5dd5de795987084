/** The whole store contract on PostgreSQL. */

import { attemptsContract } from './attempts.js';
import { countingContract } from './counting.js';
import { endingsContract } from './endings.js';
import { keysContract } from './keys.js';
import { leasesContract } from './leases.js';
import { auditContract, revocationsContract } from './logs.js';
import { onPostgres } from './postgres.js';
import { sessionsContract } from './sessions.js';
import { usersContract } from './users.js';
import { verifiersContract } from './verifiers.js';

usersContract(onPostgres);
sessionsContract(onPostgres);
endingsContract(onPostgres);
countingContract(onPostgres);
keysContract(onPostgres);
revocationsContract(onPostgres);
auditContract(onPostgres);
attemptsContract(onPostgres);
leasesContract(onPostgres);
verifiersContract(onPostgres);
