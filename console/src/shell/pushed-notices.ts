/** What is pushed and concerns whoever is here, whatever page is open, as messages. */

import { announce } from '../kit/announcements.js';
import { useSessionEvents } from '../session/push.js';

export function usePushedNotices(): void {
  useSessionEvents((event) => {
    switch (event.__typename) {
      case 'MessageEvent':
        announce({ tone: 'info', icon: 'message', title: 'Message from the operators', text: event.text });
        break;
      case 'DeviceSignedInEvent':
        announce({
          tone: 'info',
          icon: 'devices',
          title: 'Another device has signed in',
          text: 'If that was not you, log it out in Devices and change your password.',
        });
        break;
      case 'TokenReuseEvent':
        if (event.current) break;
        announce({
          tone: 'warning',
          title: 'A session of yours was used by somebody else',
          text: 'It has been ended for both. Look at your devices, and change your password if you do not know why.',
        });
        break;
      default:
    }
  });
}
