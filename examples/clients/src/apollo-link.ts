/**
 * An Apollo link, for those who have no say in `fetch`, or whose requests travel in batches: it stands before the link
 * that sends, and sees each operation by itself.
 */

import { ApolloLink } from '@apollo/client';
import type { SessionClient } from 'counterfoil/client';
import { concatAll, firstValueFrom, from, Observable, ReplaySubject, shareReplay, takeUntil } from 'rxjs';

/** Before links that send by HTTP; sockets have `socketClient`. */
export function sessionLink(client: SessionClient): ApolloLink {
  return new ApolloLink(
    (operation, forward) =>
      new Observable((observer) => {
        // Remembered, for a token may be long in coming: what nobody waits for any more is not sent.
        const stopped = new ReplaySubject<void>(1);
        const attempt = async (token: string | null) => {
          const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
          operation.setContext(({ headers }) => ({ headers: { ...headers, ...authorization } }));
          const answer = forward(operation).pipe(takeUntil(stopped), shareReplay());
          return { refused: isRefused(await firstValueFrom(answer, { defaultValue: null })), answer };
        };
        const answered = from(client.retried(attempt)).pipe(concatAll()).subscribe(observer);
        return () => {
          answered.unsubscribe();
          stopped.next();
        };
      }),
  );
}

function isRefused(result: ApolloLink.Result | null): boolean {
  return result?.errors?.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED') ?? false;
}
