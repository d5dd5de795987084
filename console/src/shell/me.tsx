/** Who is signed in, the way out, and how the console looks. */

import { type ReactNode, useId } from 'react';
import { useViewer } from '../data/viewer.js';
import { Button } from '../kit/button.js';
import { useStore } from '../session/emitter.js';
import { logOut } from '../session/log-out.js';
import { chooseTheme, type Theme, theme } from './theme.js';

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'System theme'],
  ['light', 'Light theme'],
  ['dark', 'Dark theme'],
];

export function Me(): ReactNode {
  const viewer = useViewer();
  const chosen = useStore(theme);
  const id = useId();
  return (
    <div className="me">
      <div className="me__who">
        <p className="me__name">{viewer?.name ?? ' '}</p>
        <p className="me__email" title={viewer?.email}>
          {viewer?.email ?? ' '}
        </p>
      </div>
      <div className="me__row">
        <label className="visually-hidden" htmlFor={id}>
          Colours
        </label>
        <select
          id={id}
          className="me__theme"
          value={chosen}
          onChange={(event) => chooseTheme(event.target.value as Theme)}
        >
          {THEMES.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        <Button tone="quiet" icon="out" onClick={() => void logOut()}>
          Log out
        </Button>
      </div>
    </div>
  );
}
