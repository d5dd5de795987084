/**
 * Errors that clients are meant to read by code, and the masking of all others. `UNAUTHENTICATED`: refresh and retry.
 * `FORBIDDEN`: do not. `UNAVAILABLE`: the same request may succeed later. Whatever else is thrown is a bug: it goes to
 * the log, and the client learns that something went wrong, nothing more.
 */

import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { Unavailable } from '../entities/unavailable.js';
import type { Refusal } from '../session/contract.js';
import { withoutValues } from './without-values.js';

/** Why a credential was refused, as far as a client needs to know. */
export type UnauthenticatedReason = 'missing' | 'expired' | 'revoked' | 'invalid';

export function unauthenticated(because: Refusal | null): GraphQLError {
  const reason = reasonOf(because);
  const messages: Record<UnauthenticatedReason, string> = {
    missing: 'This needs an access token.',
    expired: 'The access token has expired.',
    revoked: 'The access token has been revoked.',
    invalid: 'The access token is not valid.',
  };
  return new GraphQLError(messages[reason], { extensions: { code: 'UNAUTHENTICATED', reason } });
}

function reasonOf(because: Refusal | null): UnauthenticatedReason {
  switch (because) {
    case null:
      return 'missing';
    case 'expired':
      return 'expired';
    case 'session-ended':
    case 'session-unknown':
    case 'epoch-raised':
    case 'key-revoked':
      return 'revoked';
    default:
      return 'invalid';
  }
}

export function forbidden(): GraphQLError {
  return new GraphQLError('You may not do this.', { extensions: { code: 'FORBIDDEN' } });
}

export function unavailable(): GraphQLError {
  const extensions = { code: 'UNAVAILABLE', retryAfter: 1, http: { status: 503 } };
  return new GraphQLError('The server cannot decide this right now. Try again.', { extensions });
}

export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

const PUBLIC_CODES = new Set<unknown>([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'UNAVAILABLE',
  'THROTTLED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'DOCUMENT_TOO_COMPLEX',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** Apollo's `formatError`: lets errors with public codes pass and masks the rest, which is reported. */
export function maskErrors(
  report: (fault: unknown, path: GraphQLFormattedError['path']) => void,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    if (PUBLIC_CODES.has(formatted.extensions?.['code'])) {
      // What a variable's value was is the client's own business, and may be a password.
      return { ...formatted, message: withoutValues(formatted.message) };
    }
    const fault = originOf(error);
    const place = formatted.path ? { path: formatted.path } : {};
    if (isRefusedArgument(fault)) {
      // A null where an argument takes none, say: the client's mistake, told in words that quote what was sent.
      return { message: withoutValues(fault.message), extensions: { code: 'BAD_USER_INPUT' }, ...place };
    }
    report(fault, formatted.path);
    if (fault instanceof Unavailable) {
      const { message, extensions } = unavailable();
      return {
        message,
        extensions: { code: extensions['code'], retryAfter: extensions['retryAfter'] },
        ...place,
      };
    }
    const extensions = { code: 'INTERNAL_SERVER_ERROR' };
    return { message: 'Something went wrong on our side.', extensions, ...place };
  };
}

/** Whether an error of an operation comes from something that could not be reached. */
export function isUnavailable(error: unknown): boolean {
  return originOf(error) instanceof Unavailable;
}

/** Whether graphql-js itself, not a resolver, refused an argument while running the operation. */
function isRefusedArgument(fault: unknown): fault is GraphQLError {
  return (
    fault instanceof GraphQLError &&
    fault.nodes !== undefined &&
    /^Argument "\w+" (has|of) /.test(fault.message)
  );
}

function originOf(error: unknown): unknown {
  return error instanceof GraphQLError ? (error.originalError ?? error) : error;
}
