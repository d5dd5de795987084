/** The body of a refused request: shaped like a GraphQL error, so that clients read one shape only. */

export interface RefusalBody {
  readonly errors: readonly [{ readonly message: string; readonly extensions: { readonly code: string } }];
}

export function refusal(code: string, message: string): RefusalBody {
  return { errors: [{ message, extensions: { code } }] };
}

/** Public text by status; what the framework would say may hold paths, versions or the client's own input. */
export function refusalFor(status: number): RefusalBody {
  switch (status) {
    case 400:
      return refusal('BAD_REQUEST', 'The request cannot be read.');
    case 404:
      return refusal('NOT_FOUND', 'There is nothing here.');
    case 405:
      return refusal('METHOD_NOT_ALLOWED', 'This method is not allowed here.');
    case 408:
      return refusal('REQUEST_TIMEOUT', 'The request took too long to arrive.');
    case 413:
      return refusal('BODY_TOO_LARGE', 'The body is too large.');
    case 414:
    case 431:
      return refusal('REQUEST_TOO_LARGE', 'The URL or the headers are too large.');
    case 415:
      return refusal('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON.');
    case 417:
      return refusal('EXPECTATION_FAILED', 'The expectation cannot be met.');
    case 503:
      return refusal('UNAVAILABLE', 'The server cannot serve this right now. Try again.');
    default:
      return status < 500
        ? refusal('BAD_REQUEST', 'The request cannot be served.')
        : refusal('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');
  }
}
