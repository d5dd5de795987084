/** The experiments, in the order of the claims they try. */

import type { Experiment } from '../harness/experiment.js';

export const EXPERIMENTS: readonly Experiment[] = [];
