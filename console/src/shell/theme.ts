/** Light, dark, or as the system has it: remembered in this browser. Colours follow `color-scheme`. */

import { createStore } from '../session/emitter.js';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'counterfoil-theme';
export const theme = createStore<Theme>(remembered());

export function applyTheme(): void {
  const chosen = theme.get();
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}

export function chooseTheme(chosen: Theme): void {
  theme.set(chosen);
  applyTheme();
  rememberTheme();
}

/** Once more after each sign-in, since a logout clears all that the browser keeps of this origin. */
export function rememberTheme(): void {
  const chosen = theme.get();
  if (chosen === 'system' && remembered() === 'system') return;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // It holds until the page is closed.
  }
}

function remembered(): Theme {
  try {
    const text = localStorage.getItem(KEY);
    return text === 'light' || text === 'dark' ? text : 'system';
  } catch {
    return 'system';
  }
}
