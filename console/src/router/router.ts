/**
 * Where in the console somebody is: the part of the address after `#`, which no server sees and which works under any
 * prefix. `#/operator/users/42?tab=devices` has a path and a query.
 */

import { useSyncExternalStore } from 'react';

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

let hash = '';
let place: Place = { path: '/', query: new URLSearchParams() };
let moves = 0;

/** The same object as long as the address is the same. */
export function placeNow(): Place {
  if (location.hash === hash) return place;
  hash = location.hash;
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  place = { path: path === '' ? '/' : path, query: new URLSearchParams(query) };
  return place;
}

export function usePlace(): Place {
  return useSyncExternalStore(follow, placeNow);
}

function follow(changed: () => void): () => void {
  const moved = () => {
    moves += 1;
    changed();
  };
  addEventListener('hashchange', moved);
  return () => removeEventListener('hashchange', moved);
}

/** For what is no change of the address, and another page all the same: signing in. */
export function noteMove(): void {
  moves += 1;
}

/** Whether somebody has gone from one page to another, in which case the new page's heading takes the focus. */
export function hasMoved(): boolean {
  return moves > 0;
}

/** An address for links: `hrefTo('/operator/audit', { kind: 'login.failed' })`. Empty values are left out. */
export function hrefTo(
  path: string,
  query: Readonly<Record<string, string | null | undefined>> = {},
): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const text = new URLSearchParams(given).toString();
  return `#${path}${text === '' ? '' : `?${text}`}`;
}

/** Goes there; with `replace`, in place of where somebody is now, and not as another step back. */
export function goTo(href: string, { replace = false } = {}): void {
  if (replace) location.replace(href);
  else location.hash = href;
}

/** The parameters of `/operator/users/:id` in a path, or null where it is none such. */
export function match(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decode(text);
    else if (part !== text) return null;
  }
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
