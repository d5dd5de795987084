/** All measures, in the order in which they run. */

import type { Measure } from '../measure.js';
import { login } from './login.js';
import { logoutAll } from './logout-all.js';
import { memory } from './memory.js';
import { postgres } from './postgres.js';
import { refresh } from './refresh.js';
import { revocation } from './revocation.js';
import { start } from './start.js';
import { storage } from './storage.js';
import { token } from './token.js';
import { viewer } from './viewer.js';

export const MEASURES: readonly Measure[] = [
  viewer,
  refresh,
  login,
  logoutAll,
  revocation,
  postgres,
  storage,
  memory,
  token,
  start,
];
