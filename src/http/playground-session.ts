/**
 * Signing in from the playground: it sends along the access token of the session whose cookie this browser has, wherever
 * the headers of a tab name none of their own. And subscribing: by POST, as a stream has to be asked for here. The token
 * stays in this tab of the browser, through reloads, until it is closed.
 *
 * A token is this browser's where the server says that a cookie came with it, or where it is of the session whose token
 * is kept already. Whatever else signs in is a device of its own, be its refresh token asked for or not.
 *
 * This runs in the page, before GraphiQL; the policy of the page names its hash.
 */

/** The header by which the server says that the answer set the cookie. */
export const COOKIE_CAME = 'counterfoil-cookie-set';

export const BEFORE_GRAPHIQL = `
        {
          const send = window.fetch.bind(window);
          const KEPT = 'counterfoil:access-token';
          const sessionOf = (token) => {
            try {
              const claims = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
              return JSON.parse(atob(claims)).sid ?? null;
            } catch {
              return null;
            }
          };
          const take = (data, cookieCame) => {
            const given = Object.values(data ?? {}).flatMap((payload) => payload?.tokens?.accessToken ?? []);
            const session = sessionOf(sessionStorage.getItem(KEPT) ?? '');
            // Of several, nobody says which came with the cookie.
            const token =
              cookieCame && given.length === 1
                ? given[0]
                : given.findLast((each) => session !== null && sessionOf(each) === session);
            if (token) sessionStorage.setItem(KEPT, token);
          };
          // GraphiQL asks for event streams by GET, with the document in the address; a stream is asked for by POST.
          const asPost = (input, init) => {
            const { searchParams: asked, pathname } = new URL(input, location.href);
            if (init.method !== 'GET' || !asked.has('query')) return [input, init];
            const { query, operationName, variables = '{}' } = Object.fromEntries(asked);
            init.headers.set('content-type', 'application/json');
            const body = JSON.stringify({ query, operationName, variables: JSON.parse(variables) });
            return [pathname, { ...init, method: 'POST', body }];
          };
          window.fetch = async (input, init = {}) => {
            const headers = new Headers(init.headers);
            const kept = sessionStorage.getItem(KEPT);
            if (!headers.get('authorization')) headers.delete('authorization');
            if (!headers.has('authorization') && kept) headers.set('authorization', 'Bearer ' + kept);
            const response = await send(...asPost(input, { ...init, headers }));
            if (/json/.test(response.headers.get('content-type') ?? ''))
              await response
                .clone()
                .json()
                .then(({ data }) => take(data, response.headers.has('${COOKIE_CAME}')))
                .catch(() => {});
            return response;
          };
        }`;
