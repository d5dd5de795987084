/** What went wrong with a request, in words for whoever waits for its answer, and whether trying again may help. */

import { ClientError } from '../../../src/client/index.js';

export interface Fault {
  readonly title: string;
  readonly text: string;
  readonly canRetry: boolean;
}

export function faultOf(error: unknown): Fault {
  if (!(error instanceof ClientError)) {
    const text = 'Reload the page. If it comes again, tell whoever runs this server.';
    return { title: 'Something went wrong in this page', text, canRetry: true };
  }
  if (error.kind === 'unreachable') {
    const text = 'Check your connection. You are still signed in, and nothing you typed is lost.';
    return { title: 'The server cannot be reached', text, canRetry: true };
  }
  if (error.kind === 'unavailable') {
    const wait = error.retryAfterMs === null ? 'in a moment' : `in ${duration(error.retryAfterMs / 1_000)}`;
    return { title: 'The server is busy', text: `Try again ${wait}. Nothing is lost.`, canRetry: true };
  }
  const [first] = error.errors;
  switch (first?.extensions?.code) {
    case 'UNAUTHENTICATED':
      return { title: 'You are signed out', text: 'Sign in again.', canRetry: false };
    case 'FORBIDDEN':
      return { title: 'Not allowed', text: 'Your account may not see or do this.', canRetry: false };
    case 'THROTTLED': {
      const seconds = first.extensions.retryAfter ?? 60;
      return { title: 'Too many requests', text: `Try again in ${duration(seconds)}.`, canRetry: true };
    }
    default:
      return { title: 'The server refused', text: first?.message ?? error.message, canRetry: true };
  }
}

/** "8 seconds", "3 minutes": rounded up, since waiting too little is of no use. */
export function duration(seconds: number): string {
  const [amount, unit] =
    seconds < 90
      ? [Math.max(1, Math.ceil(seconds)), 'second']
      : seconds < 5_400
        ? [Math.ceil(seconds / 60), 'minute']
        : seconds < 129_600
          ? [Math.ceil(seconds / 3_600), 'hour']
          : [Math.ceil(seconds / 86_400), 'day'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
