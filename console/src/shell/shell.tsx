/** The console around a page, for whoever is signed in: navigation, what is pushed, and the page of the address. */

import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useIsOperator, useViewer, ViewerProvider } from '../data/viewer.js';
import { Icon } from '../kit/icon.js';
import { EmptyState, PageHeader } from '../kit/page.js';
import { Skeleton } from '../kit/waiting.js';
import { goTo, hrefTo, usePlace } from '../router/router.js';
import { findRoute, HOME, type Route } from '../routes.js';
import { forgetEnd } from '../session/end-of-session.js';
import { listen } from '../session/push.js';
import { Mark } from './mark.js';
import { Me } from './me.js';
import { BottomBar, Sidebar } from './nav.js';
import { PageGuard } from './page-guard.js';
import { usePushedNotices } from './pushed-notices.js';
import { rememberTheme } from './theme.js';

export default function Shell(): ReactNode {
  useEffect(() => {
    forgetEnd();
    rememberTheme();
    return listen();
  }, []);
  return (
    <ViewerProvider>
      <Frame />
    </ViewerProvider>
  );
}

function Frame(): ReactNode {
  const { path } = usePlace();
  const isOperator = useIsOperator();
  const isKnown = useViewer() !== null;
  const found = findRoute(path, isOperator);
  const main = useRef<HTMLElement>(null);
  usePushedNotices();
  // Addresses that led here to sign in, or to nowhere, lead home.
  useEffect(() => {
    if (path === '/' || path === '/register' || path === '/sign-in') goTo(hrefTo(HOME), { replace: true });
  }, [path]);
  const route: Route | null = found?.route ?? null;
  return (
    <div className="shell">
      <header className="sidebar">
        <a
          className="skip"
          href={hrefTo(path)}
          onClick={(event) => {
            event.preventDefault();
            main.current?.focus();
          }}
        >
          Skip to the page
        </a>
        <a className="brand" href={hrefTo(HOME)}>
          <Mark />
          <span>Counterfoil</span>
        </a>
        <Sidebar open={route} />
        <Me />
      </header>
      <main ref={main} className="main" tabIndex={-1}>
        <PageGuard key={path}>
          <Suspense fallback={<Skeleton label="The page is loading" />}>
            {found !== null && <found.route.Page {...found.params} />}
            {found === null && !isKnown && <Skeleton label="The page is loading" />}
            {found === null && isKnown && path !== '/' && <Nowhere />}
          </Suspense>
        </PageGuard>
      </main>
      <BottomBar key={path} open={route} />
    </div>
  );
}

function Nowhere(): ReactNode {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState icon="search" title="There is no such page, or it is not for you.">
        <a href={hrefTo(HOME)}>
          Go to your devices <Icon name="next" size={14} />
        </a>
      </EmptyState>
    </>
  );
}
