/** Who sees what: the entrance for those who are not signed in, the console for those who are. */

import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useSession } from '../../src/client/react.js';
import { Announcements, clearAnnouncements } from './kit/announcements.js';
import { FaultNotice } from './kit/notice.js';
import { Entrance } from './pages/entrance/entrance.js';
import { goTo, hrefTo, placeNow } from './router/router.js';
import { HOME, ROUTES } from './routes.js';
import { client } from './session/client.js';
import { createStore, useStore } from './session/emitter.js';
import { PageGuard } from './shell/page-guard.js';
import { Splash } from './shell/splash.js';

const loadShell = () => import('./shell/shell.js');
const Shell = lazy(loadShell);

const storageFault = createStore(false);

export function App(): ReactNode {
  const state = useSession(client, () => storageFault.set(true));
  const isUnreadable = useStore(storageFault);
  useForgetting(state.kind === 'signed-in' ? state.sessionId : null);
  useEffect(() => {
    if (state.kind !== 'signed-out') return;
    // While somebody types their password, what comes after it.
    void Promise.all([loadShell(), ROUTES[0]?.load()]).catch(() => {});
  }, [state.kind]);
  if (isUnreadable) return <Unreadable />;
  if (state.kind === 'unknown') return <Splash />;
  if (state.kind === 'signed-out') return <Entrance because={state.because} />;
  return (
    <>
      <PageGuard>
        <Suspense fallback={<Splash />}>
          <Shell key={state.sessionId} />
        </Suspense>
      </PageGuard>
      <Announcements />
    </>
  );
}

/** What was said to one, and where an operator was looking, is nothing for whoever comes next, signed out in between or not. */
function useForgetting(sessionId: string | null): void {
  const before = useRef<string | null>(null);
  useEffect(() => {
    const was = before.current;
    before.current = sessionId;
    if (was === sessionId) return;
    // Also where somebody comes after nobody: what was asked for the one before may have been answered since.
    clearAnnouncements();
    if (was !== null && placeNow().path.startsWith('/operator/')) goTo(hrefTo(HOME), { replace: true });
  }, [sessionId]);
}

/** Without storage tabs would take each other for thieves, so nothing is begun. */
function Unreadable(): ReactNode {
  const text =
    'The console keeps its session in the storage of this browser, which cannot be read. In a private window, or where storage is switched off, allow it for this page.';
  return (
    <main className="splash">
      <FaultNotice
        fault={{ title: 'The storage of this browser cannot be read', text, canRetry: true }}
        onRetry={() => location.reload()}
      />
    </main>
  );
}
