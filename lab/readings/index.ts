/** The readings, in the order in which the report tells them: that of the claims. */

import type { Reading } from '../harness/reading.js';
import { reading as algorithms } from './algorithms.js';
import { reading as crossOrigin } from './cross-origin.js';
import { reading as expiry } from './expiry.js';
import { reading as leakedKey } from './leaked-key.js';
import { reading as links } from './links.js';
import { reading as memory } from './memory.js';
import { reading as pushing } from './pushing.js';
import { reading as scaling } from './scaling.js';
import { reading as signingOut } from './signing-out.js';
import { reading as stolenPhone } from './stolen-phone.js';
import { reading as tokenSize } from './token-size.js';
import { reading as understanding } from './understanding.js';

export const READINGS: readonly Reading[] = [
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
