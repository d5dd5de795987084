/** What went wrong with a request, in words for whoever waits for its answer, and whether trying again may help. */

import { ClientError } from '../../../src/client/index.js';
import { duration } from './times.js';

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
  switch (error.kind) {
    case 'unreachable': {
      const text = 'Check your connection. Nothing that you typed is lost, and nobody is logged out by this.';
      return { title: 'The server cannot be reached', text, canRetry: true };
    }
    case 'unavailable': {
      const wait = error.retryAfterMs === null ? 'in a moment' : `in ${duration(error.retryAfterMs / 1_000)}`;
      return { title: 'The server is busy', text: `Try again ${wait}. Nothing is lost.`, canRetry: true };
    }
    case 'storage': {
      const text =
        'It could not read or write what it keeps of your session, so nothing was sent. If its disk is full, make room; then try again, or reload the page.';
      return { title: 'This browser keeps nothing right now', text, canRetry: true };
    }
    case 'session-changed': {
      const text = 'Nothing was sent, since it would have been sent as them. Reload the page.';
      return { title: 'Somebody else signed in here meanwhile', text, canRetry: false };
    }
    case 'graphql':
      return refusalOf(error);
  }
}

/** What the server said of it, in the first of its errors. */
function refusalOf({ errors: [first], message }: ClientError): Fault {
  switch (first?.extensions?.code) {
    case 'UNAUTHENTICATED':
      return { title: 'You are logged out', text: 'Sign in again.', canRetry: false };
    case 'FORBIDDEN':
      return { title: 'Not allowed', text: 'Your account may not see or do this.', canRetry: false };
    case 'THROTTLED': {
      const seconds = first.extensions.retryAfter ?? 60;
      return { title: 'Too many requests', text: `Try again in ${duration(seconds)}.`, canRetry: true };
    }
    default:
      return { title: 'The server refused', text: first?.message ?? message, canRetry: true };
  }
}

/** Of an operation that was asked too often. */
export function tooOften({
  message,
  retryAfter,
}: {
  readonly message: string;
  readonly retryAfter: number;
}): Fault {
  return {
    title: 'Too many attempts',
    text: `${message} Try again in ${duration(retryAfter)}.`,
    canRetry: false,
  };
}
