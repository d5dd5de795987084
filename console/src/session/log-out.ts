/** Logging out, and saying so where the server could not be told: the session lives there until it can. */

import { client } from './client.js';
import { createStore } from './emitter.js';

const RETRY_MS = 5_000;

/** Whether this browser has logged somebody out, and the server does not know it yet. */
export const untold = createStore(false);

export async function logOut(): Promise<void> {
  if (await client.logout()) return;
  untold.set(true);
  tellLater();
}

/** When the network is back, and now and again, since something else may be in the way. */
function tellLater(): void {
  const tell = () => {
    clearTimeout(timer);
    removeEventListener('online', tell);
    void tellAgain();
  };
  const timer = setTimeout(tell, RETRY_MS);
  addEventListener('online', tell);
}

async function tellAgain(): Promise<void> {
  // Who signs in has the server told before.
  if (client.state.kind === 'signed-out' && !(await client.tellLogout())) tellLater();
  else untold.set(false);
}
