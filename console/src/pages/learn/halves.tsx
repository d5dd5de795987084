/** Who keeps what, so that no single theft is enough: three places, and what each of them is worth alone. */

import type { ReactNode } from 'react';
import { Icon, type IconName } from '../../kit/index.js';

export interface Place {
  readonly icon: IconName;
  readonly title: string;
  readonly keeps: readonly string[];
  readonly stolen: string;
}

export const REFRESH_PLACES: readonly Place[] = [
  {
    icon: 'ticket',
    title: 'Your browser',
    keeps: ['the token: 66 characters in a cookie'],
    stolen:
      'A copy works until you refresh. Then two hold tickets of one session, the used one gives it away, and the session ends.',
  },
  {
    icon: 'log',
    title: 'The row in the database',
    keeps: ['the generation, 4 bytes', 'a salt, 16 random bytes', 'never a token'],
    stolen: 'Mints nothing: a tag takes the server’s secret.',
  },
  {
    icon: 'key',
    title: 'The server’s secret',
    keeps: ['32 bytes, encrypted under the master key'],
    stolen: 'Mints nothing: a tag takes the row’s salt. Only both together do.',
  },
];

export const SESSION_PLACES: readonly Place[] = [
  {
    icon: 'ticket',
    title: 'Your browser',
    keeps: ['the token: 54 characters in a cookie'],
    stolen:
      'A copy works for as long as the session lives, and nothing gives it away. Logging out ends both at once.',
  },
  {
    icon: 'log',
    title: 'The row in the database',
    keeps: ['SHA-256 of the secret: half is the session’s id, half the proof', 'when it was used last'],
    stolen: 'Opens nothing: nobody finds the secret to a fingerprint of 256 random bits.',
  },
];

export function Places({ places }: { readonly places: readonly Place[] }): ReactNode {
  return (
    <ul className="places">
      {places.map(({ icon, title, keeps, stolen }) => (
        <li key={title} className="place">
          <p className="place__title">
            <Icon name={icon} /> {title}
          </p>
          <ul className="place__keeps">
            {keeps.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          <p className="place__stolen">
            <span>If it is stolen</span>
            {stolen}
          </p>
        </li>
      ))}
    </ul>
  );
}
