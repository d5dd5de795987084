/** Why the session is over, in words for whom it has just ended: from what was pushed, else from what the client knows. */

import type { SignOutReason } from '../../../src/client/index.js';
import type { EndReason } from '../generated/graphql.js';

export interface Farewell {
  readonly tone: 'info' | 'warning';
  readonly text: string;
}

type Reason = EndReason | 'OWN_LOGOUT_ALL' | 'OWN_DELETION';

const WORDS: Readonly<Record<Reason, Farewell>> = {
  LOGOUT: { tone: 'info', text: 'You are logged out.' },
  LOGOUT_ALL: { tone: 'warning', text: 'You were logged out everywhere, from another device.' },
  LOGOUT_DEVICE: { tone: 'warning', text: 'You were logged out from another device.' },
  PASSWORD_CHANGED: {
    tone: 'warning',
    text: 'Your password was changed on another device. Sign in with the new one.',
  },
  OPERATOR: { tone: 'warning', text: 'An operator logged you out.' },
  SUSPENDED: { tone: 'warning', text: 'Your account was suspended, so you are logged out.' },
  ACCOUNT_DELETED: { tone: 'warning', text: 'The account was deleted on another device.' },
  REPLACED: { tone: 'info', text: 'Somebody else signed in with this browser.' },
  REUSE: {
    tone: 'warning',
    text: 'Somebody else was using the sign-in of this device, so both of you are logged out. Sign in, look at your devices, and change your password if you do not know why.',
  },
  OWN_LOGOUT_ALL: { tone: 'info', text: 'You are logged out on every device.' },
  OWN_DELETION: { tone: 'info', text: 'Your account is deleted.' },
};

/** What was noted longer ago had nothing to do with an end: the session went on. */
const FRESH_MS = 10_000;
let noted: { readonly reason: Reason; readonly at: number } | null = null;

function present(): Reason | null {
  return noted !== null && Date.now() - noted.at < FRESH_MS ? noted.reason : null;
}

/** Remembered for a moment, in which the session may be over. */
export function noteEnd(reason: Reason): void {
  // What was done here is known better than what is heard of it.
  if (present()?.startsWith('OWN_') && !reason.startsWith('OWN_')) return;
  noted = { reason, at: Date.now() };
}

export function forgetEnd(): void {
  noted = null;
}

export function farewellFor(because: SignOutReason | null): Farewell | null {
  const reason = present();
  if (reason !== null && because !== 'logout') return WORDS[reason];
  if (reason?.startsWith('OWN_')) return WORDS[reason];
  switch (because) {
    case 'logout':
      return WORDS.LOGOUT;
    case 'reused':
      return WORDS.REUSE;
    case 'ended':
      return {
        tone: 'warning',
        text: 'Your session is over: it was ended from elsewhere, or it has expired.',
      };
    case null:
      return null;
  }
}
