/**
 * Signing in from the playground: it sends along the access token that came last with a cookie, wherever the headers of
 * a tab name none of their own. And subscribing: by POST, as a stream has to be asked for here. The token stays in this tab of the browser, through reloads, until it is closed.
 *
 * This runs in the page, before GraphiQL; the policy of the page names its hash.
 */

export const BEFORE_GRAPHIQL = `
        {
          const send = window.fetch.bind(window);
          const KEPT = 'counterfoil:access-token';
          const take = ({ data }) => {
            for (const payload of Object.values(data ?? {})) {
              const tokens = payload?.tokens;
              // With a refresh token in the answer it is a device of its own, beside this browser.
              if (tokens?.accessToken && !tokens.refreshToken) sessionStorage.setItem(KEPT, tokens.accessToken);
            }
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
              await response.clone().json().then(take).catch(() => {});
            return response;
          };
        }`;
