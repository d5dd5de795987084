/** The experiments, in the order of the claims they try. */

import type { Experiment } from '../harness/experiment.js';
import { experiment as algorithms } from './algorithms.js';
import { experiment as crossOrigin } from './cross-origin.js';
import { experiment as expiry } from './expiry.js';
import { experiment as leakedKey } from './leaked-key.js';
import { experiment as links } from './links.js';
import { experiment as memory } from './memory.js';
import { experiment as pushing } from './pushing.js';
import { experiment as scaling } from './scaling.js';
import { experiment as signingOut } from './signing-out.js';
import { experiment as stolenPhone } from './stolen-phone.js';
import { experiment as tokenSize } from './token-size.js';
import { experiment as understanding } from './understanding.js';

export const EXPERIMENTS: readonly Experiment[] = [
  memory,
  scaling,
  crossOrigin,
  expiry,
  links,
  leakedKey,
  stolenPhone,
  pushing,
  algorithms,
  tokenSize,
  understanding,
  signingOut,
];
