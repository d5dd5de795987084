/** Expected outcomes that several operations share. Each is a value, never an exception. */

export interface Throttled {
  readonly kind: 'throttled';
  readonly retryAfterSeconds: number;
}

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

export interface InvalidInput {
  readonly kind: 'invalid-input';
  readonly problems: readonly FieldProblem[];
}

export interface WeakPassword {
  readonly kind: 'weak-password';
  readonly problems: readonly string[];
}

export const NOT_FOUND = { kind: 'not-found' } as const;
export const INVALID_CREDENTIALS = { kind: 'invalid-credentials' } as const;

export function throttled(retryAfterSeconds: number): Throttled {
  return { kind: 'throttled', retryAfterSeconds };
}
