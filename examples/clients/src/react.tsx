/** React: a page that is drawn again whenever somebody signs in or out, in whatever tab. */

import type { SessionClient } from 'counterfoil/client';
import { useSession } from 'counterfoil/client/react';

export function Page({ client }: { readonly client: SessionClient }) {
  const session = useSession(client);
  switch (session.kind) {
    case 'unknown': // also on a server: draw what everybody may see
      return <p>One moment…</p>;
    case 'signed-in':
      return (
        <button type="button" onClick={() => void client.logout()}>
          Sign out
        </button>
      );
    case 'signed-out':
      return <a href="/sign-in">{session.because === 'ended' ? 'Sign in again' : 'Sign in'}</a>;
  }
}
