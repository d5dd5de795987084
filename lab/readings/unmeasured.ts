/** What a reading finds where the figures that decide are missing: nothing, and why. */

import type { Findings } from '../harness/reading.js';

export function unmeasured(because: string): Findings {
  return { verdict: 'not measured', because, tables: [], figures: [], choose: '', limits: '' };
}
