/** The access token as it is right now: looked at once a second while the page is in sight, since the client renews it. */

import { useEffect, useState } from 'react';
import { client } from '../../session/client.js';
import { noteToken } from './refreshes.js';

const LOOK_MS = 1_000;

/** Undefined until it is known, or while there is none to be had; null where it is not for scripts. */
export function useAccessToken(): string | null | undefined {
  const [token, setToken] = useState<string | null | undefined>();
  useEffect(() => {
    let isHere = true;
    const look = async () => {
      if (document.visibilityState !== 'visible') return;
      try {
        const now = await client.accessToken();
        if (!isHere) return;
        noteToken(now);
        setToken(now);
      } catch {
        // Unreachable, or busy: what is shown stays, and its countdown says how it stands.
      }
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      isHere = false;
      clearInterval(timer);
    };
  }, []);
  return token;
}
