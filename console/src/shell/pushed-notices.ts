/** What is pushed and concerns whoever is here, whatever page is open, as messages. */

import { useIsStateless } from '../data/server-info.js';
import { SessionDocument } from '../generated/graphql.js';
import { announce } from '../kit/announcements.js';
import { ask } from '../session/client.js';
import { useSessionEvents } from '../session/push.js';

export function usePushedNotices(): void {
  const isStateless = useIsStateless();
  useSessionEvents((event) => {
    switch (event.__typename) {
      case 'MessageEvent':
        announce({ tone: 'info', icon: 'message', title: 'Message from the operators', text: event.text });
        break;
      case 'DeviceSignedInEvent':
        void announceDevice(event.sessionId, isStateless);
        break;
      case 'TokenReuseEvent':
        if (event.current) break;
        announce({
          tone: 'warning',
          title: 'Somebody else was using the sign-in of one of your devices',
          text: 'Both are logged out. Look at your devices, and change your password if you do not know why.',
        });
        break;
      default:
    }
  });
}

/** By its name and address, where they are to be had; the name in quotation marks, since it was given by who signed in. */
async function announceDevice(id: string, isStateless: boolean): Promise<void> {
  const asked = await ask(SessionDocument, { id }).catch(() => null);
  const session = asked?.session ?? null;
  const name = session?.deviceName ?? session?.clientLabel;
  const from = session?.ipAddress ? `It came from ${session.ipAddress}. ` : '';
  announce({
    tone: 'info',
    icon: 'devices',
    title: 'Another device has signed in',
    text: `${name ? `It calls itself “${name}”. ` : ''}${from}If that was not you, ${isStateless ? '' : 'log it out in Devices and '}change your password.`,
  });
}
