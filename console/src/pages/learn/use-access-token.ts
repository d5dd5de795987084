/**
 * The access token as it is right now, looked at once a second. Looking keeps no session alive: a token that is about to
 * expire is left alone, since the client would renew it at a look, and what has come in its place is seen when it is over.
 */

import { useEffect, useState } from 'react';
import { serverNow } from '../../data/server-info.js';
import { client } from '../../session/client.js';
import { readToken } from './decode.js';
import { noteToken } from './refreshes.js';
import { instantOf } from './times.js';

const LOOK_MS = 1_000;
/** The client renews in the last 30 s, or in the last fifth of a short life; this is a little before either. */
const ALONE_MS = 35_000;
const ALONE_PART = 0.25;

/** Undefined until it is known, or while there is none to be had; null where it is not for scripts. */
export function useAccessToken(): string | null | undefined {
  const [token, setToken] = useState<string | null | undefined>();
  useEffect(() => {
    let isHere = true;
    let known: string | null | undefined;
    const look = async () => {
      if (document.visibilityState !== 'visible' || known === null || (known && isLeftAlone(known))) return;
      // Only who has just opened the page asks for one; after that it is seen what others were given.
      const now = known === undefined ? await asked() : (client.accessTokenNow() ?? known);
      if (!isHere || now === undefined) return;
      known = now;
      noteToken(now);
      setToken(now);
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

/** Unreachable, or busy: it is asked for again. */
async function asked(): Promise<string | null | undefined> {
  return await client.accessToken().catch(() => undefined);
}

/** Near its end, and not yet over. */
function isLeftAlone(token: string): boolean {
  const claims = readToken(token)?.claims;
  const [from, to] = [instantOf(claims?.['iat']), instantOf(claims?.['exp'])];
  if (from === null || to === null) return true;
  const left = to - serverNow();
  return left > 0 && left < Math.min(ALONE_MS, (to - from) * ALONE_PART);
}
