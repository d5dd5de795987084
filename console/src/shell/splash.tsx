/** What is shown until it is known who is there. */

import type { ReactNode } from 'react';
import { Mark } from './mark.js';

export function Splash(): ReactNode {
  return (
    <main className="splash" aria-busy="true">
      <Mark size={44} />
      <p className="visually-hidden">Counterfoil is loading</p>
    </main>
  );
}
