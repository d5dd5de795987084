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
  /** Not in the navigation: reached from another page. */
  readonly within?: string;
}

type Load = () => Promise<{ default: ComponentType<never> }>;
/** Only the router knows the parameters, by the path. */
const page = (load: Load) => lazy(load as () => Promise<{ default: Route['Page'] }>);

export const ROUTES: readonly Route[] = [
  {
    path: '/devices',
    title: 'Devices',
    section: 'Account',
    icon: 'devices',
    Page: page(() => import('./pages/account/devices.js')),
  },
  {
    path: '/activity',
    title: 'Activity',
    section: 'Account',
    icon: 'activity',
    Page: page(() => import('./pages/account/activity.js')),
  },
  {
    path: '/security',
    title: 'Security',
    section: 'Account',
    icon: 'lock',
    Page: page(() => import('./pages/account/security.js')),
  },
  {
    path: '/learn/credential',
    title: 'Your credential',
    section: 'Learn',
    icon: 'ticket',
    Page: page(() => import('./pages/learn/credential.js')),
  },
  {
    path: '/operator/users',
    title: 'Users',
    section: 'Operator',
    icon: 'users',
    Page: page(() => import('./pages/operator/users.js')),
  },
  {
    path: '/operator/users/:id',
    title: 'User',
    section: 'Operator',
    icon: 'users',
    within: '/operator/users',
    Page: page(() => import('./pages/operator/user.js')),
  },
  {
    path: '/operator/keys',
    title: 'Signing keys',
    section: 'Operator',
    icon: 'key',
    Page: page(() => import('./pages/operator/keys.js')),
  },
  {
    path: '/operator/audit',
    title: 'Audit log',
    section: 'Operator',
    icon: 'log',
    Page: page(() => import('./pages/operator/audit.js')),
  },
  {
    path: '/operator/live',
    title: 'Live',
    section: 'Operator',
    icon: 'pulse',
    Page: page(() => import('./pages/operator/live.js')),
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
