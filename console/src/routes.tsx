/** Every page of the console: its address, where it stands in the navigation, and the file that is loaded for it. */

import { type ComponentType, lazy } from 'react';
import type { IconName } from './kit/icon.js';
import { match } from './router/router.js';

export type Section = 'Account' | 'Learn' | 'Operator';

export interface Route {
  readonly path: string;
  readonly title: string;
  readonly section: Section;
  readonly icon: IconName;
  /** Parameters of the path are its props: of `/operator/users/:id` it is given `id`. */
  readonly Page: ComponentType<Readonly<Record<string, string>>>;
  /** Fetches the file of the page before it is wanted. */
  readonly load: () => Promise<unknown>;
  /** Not in the navigation: reached from another page. */
  readonly within?: string;
}

/** Only the router knows the parameters, by the path. */
function page(load: () => Promise<{ default: ComponentType<never> }>): Pick<Route, 'Page' | 'load'> {
  return { load, Page: lazy(load as () => Promise<{ default: Route['Page'] }>) };
}

export const ROUTES: readonly Route[] = [
  {
    path: '/devices',
    title: 'Devices',
    section: 'Account',
    icon: 'devices',
    ...page(() => import('./pages/account/devices.js')),
  },
  {
    path: '/activity',
    title: 'Activity',
    section: 'Account',
    icon: 'activity',
    ...page(() => import('./pages/account/activity.js')),
  },
  {
    path: '/security',
    title: 'Security',
    section: 'Account',
    icon: 'lock',
    ...page(() => import('./pages/account/security.js')),
  },
  {
    path: '/learn/credential',
    title: 'Your credential',
    section: 'Learn',
    icon: 'ticket',
    ...page(() => import('./pages/learn/credential.js')),
  },
  {
    path: '/learn/rotation',
    title: 'Rotation',
    section: 'Learn',
    icon: 'rotate',
    ...page(() => import('./pages/learn/rotation.js')),
  },
  {
    path: '/learn/models',
    title: 'Three models',
    section: 'Learn',
    icon: 'models',
    ...page(() => import('./pages/learn/models.js')),
  },
  {
    path: '/operator/users',
    title: 'Users',
    section: 'Operator',
    icon: 'users',
    ...page(() => import('./pages/operator/users.js')),
  },
  {
    path: '/operator/users/:id',
    title: 'User',
    section: 'Operator',
    icon: 'users',
    within: '/operator/users',
    ...page(() => import('./pages/operator/user.js')),
  },
  {
    path: '/operator/keys',
    title: 'Signing keys',
    section: 'Operator',
    icon: 'key',
    ...page(() => import('./pages/operator/keys.js')),
  },
  {
    path: '/operator/audit',
    title: 'Audit log',
    section: 'Operator',
    icon: 'log',
    ...page(() => import('./pages/operator/audit.js')),
  },
  {
    path: '/operator/live',
    title: 'Live',
    section: 'Operator',
    icon: 'pulse',
    ...page(() => import('./pages/operator/live.js')),
  },
];

/** Where whoever comes without an address is led. */
export const HOME = '/devices';

export interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** The page of a path that whoever asks may open. */
export function findRoute(path: string, isOperator: boolean): Found | null {
  for (const route of ROUTES) {
    const params = match(route.path, path);
    if (params !== null && (isOperator || route.section !== 'Operator')) return { route, params };
  }
  return null;
}
