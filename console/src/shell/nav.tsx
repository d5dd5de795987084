/** The navigation: a column beside the page, and on phones a bar below it with a sheet for what has no place in it. */

import { type ReactNode, useState } from 'react';
import { useIsOperator } from '../data/viewer.js';
import { Dialog } from '../kit/dialog.js';
import { Icon } from '../kit/icon.js';
import { hrefTo } from '../router/router.js';
import { ROUTES, type Route, type Section } from '../routes.js';
import { Me } from './me.js';

const SECTIONS: readonly Section[] = ['Account', 'Learn', 'Operator'];

/** The pages that whoever is signed in may open, by section. */
function useSections(): readonly (readonly [Section, readonly Route[]])[] {
  const isOperator = useIsOperator();
  return SECTIONS.filter((section) => section !== 'Operator' || isOperator).map((section) => [
    section,
    ROUTES.filter((route) => route.section === section && route.within === undefined),
  ]);
}

export function Sidebar({ open }: { readonly open: Route | null }): ReactNode {
  return (
    <nav className="sidebar__nav" aria-label="Pages">
      <Sections open={open} />
    </nav>
  );
}

function Sections({ open, onGo }: { readonly open: Route | null; readonly onGo?: () => void }): ReactNode {
  return useSections().map(([section, routes]) => (
    <div key={section} className="nav-section">
      <p className="nav-section__title" id={`nav-${section}`}>
        {section}
      </p>
      <ul aria-labelledby={`nav-${section}`}>
        {routes.map((route) => (
          <li key={route.path}>
            <NavLink route={route} open={open} {...(onGo === undefined ? {} : { onGo })} />
          </li>
        ))}
      </ul>
    </div>
  ));
}

function NavLink({
  route,
  open,
  onGo,
}: {
  readonly route: Route;
  readonly open: Route | null;
  readonly onGo?: () => void;
}): ReactNode {
  const isOpen = open?.path === route.path || open?.within === route.path;
  return (
    <a
      className="nav-link"
      href={hrefTo(route.path)}
      aria-current={isOpen ? 'page' : undefined}
      onClick={onGo}
    >
      <Icon name={route.icon} />
      <span>{route.title}</span>
    </a>
  );
}

/** On phones. */
export function BottomBar({ open }: { readonly open: Route | null }): ReactNode {
  const [isMore, setMore] = useState(false);
  const account = ROUTES.filter(({ section }) => section === 'Account');
  return (
    <>
      <nav className="bottom-bar" aria-label="Pages of your account">
        {account.map((route) => (
          <NavLink key={route.path} route={route} open={open} />
        ))}
        <button type="button" className="nav-link" aria-haspopup="dialog" onClick={() => setMore(true)}>
          <Icon name="menu" />
          <span>More</span>
        </button>
      </nav>
      <Dialog title="Menu" kind="sheet" isOpen={isMore} onClose={() => setMore(false)}>
        <nav aria-label="All pages" className="sheet-nav">
          <Sections open={open} onGo={() => setMore(false)} />
        </nav>
        <Me />
      </Dialog>
    </>
  );
}
