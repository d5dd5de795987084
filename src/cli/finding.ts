/** One thing that `counterfoil doctor` has looked at. */

export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem';
  readonly check: string;
  /** What was found and, where it is not well, what to do. */
  readonly says: string;
}

export const ok = (check: string, says: string): Finding => ({ level: 'ok', check, says });
export const warn = (check: string, says: string): Finding => ({ level: 'warning', check, says });
export const bad = (check: string, says: string): Finding => ({ level: 'problem', check, says });
