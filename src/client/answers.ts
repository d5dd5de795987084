/** What came of a request, as whoever asked is told it: data, or a `ClientError`. */

import { ClientError } from './errors.js';
import type { Renewal } from './renewal.js';
import { TEXTS } from './texts.js';
import type { Answer, GraphQLFault } from './transport.js';

type Answered<Data> = Extract<Answer<Data>, { readonly kind: 'answered' }>;

export function answeredOr<Data>(answer: Answer<Data>): Answered<Data> {
  if (answer.kind === 'answered') return answer;
  throw answer.kind === 'unreachable'
    ? new ClientError('unreachable', TEXTS.unreachable, { cause: answer.cause })
    : new ClientError('unavailable', TEXTS.unavailable, { retryAfterMs: answer.retryAfterMs });
}

export function dataOf<Data>({ data, errors }: Answered<Data>): Data {
  if (data !== null && errors.length === 0) return data;
  throw new ClientError('graphql', errors[0]?.message ?? 'The answer has no data.', { errors });
}

export function errorOf({
  because,
  retryAfterMs,
  cause,
}: Extract<Renewal, { readonly kind: 'later' }>): ClientError {
  // It says itself what failed.
  if (because === 'storage' && cause instanceof ClientError) return cause;
  return new ClientError(because, TEXTS[because], { retryAfterMs, cause });
}

/** Whether the server wants another access token. */
export function isRefused(errors: readonly GraphQLFault[]): boolean {
  return errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
}

/** Rejects with the signal's reason as soon as it is aborted, whatever is still waited for. */
export function unlessAborted<Value>(work: Promise<Value>, signal?: AbortSignal | null): Promise<Value> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
