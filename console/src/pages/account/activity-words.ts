/** What happened to an account, in words for its owner. What a newer server tells and this does not know is told as it is. */

import type { ActivityQuery } from '../../generated/graphql.js';
import type { IconName, Tone } from '../../kit/index.js';

export type Activity = NonNullable<ActivityQuery['viewer']>['activity']['edges'][number]['node'];

export interface Told {
  readonly icon: IconName;
  /** Whether it deserves a second look. */
  readonly tone: Tone | 'plain';
  readonly title: string;
  readonly text?: string;
}

type Teller = (event: Activity) => Told;

const ENDED: Readonly<Record<string, string>> = {
  logout: 'A device logged out',
  'logout-device': 'A device was logged out from another',
  operator: 'An operator logged a device out',
  verifier: 'A service logged a device out',
  replaced: 'A device was logged out because somebody signed in there anew',
};

const TELLERS: Readonly<Record<string, Teller>> = {
  'user.registered': () => ({ icon: 'ticket', tone: 'plain', title: 'Account created' }),
  'user.created': () => ({ icon: 'ticket', tone: 'plain', title: 'Account created for you' }),
  'login.succeeded': () => ({ icon: 'devices', tone: 'plain', title: 'Signed in on a device' }),
  'login.failed': () => ({
    icon: 'warning',
    tone: 'warning',
    title: 'A sign-in failed',
    text: 'If it was not you who mistyped the password, somebody is trying.',
  }),
  'session.ended': ({ detail }) => ({
    icon: 'out',
    tone: 'plain',
    title: ENDED[detail ?? ''] ?? 'A device was logged out',
  }),
  'session.reuse-detected': () => ({
    icon: 'warning',
    tone: 'danger',
    title: 'A device was logged out: somebody else was using its sign-in',
    text: 'Somebody may have a copy of what was in one of your browsers. Change your password if you do not know why.',
  }),
  'sessions.ended': ({ detail, byAnother }) => ({
    icon: 'out',
    tone: 'plain',
    title: byAnother
      ? 'An operator logged out all devices'
      : detail === 'others'
        ? 'All other devices were logged out'
        : 'All devices were logged out',
  }),
  'password.changed': () => ({ icon: 'lock', tone: 'good', title: 'Password changed' }),
  'password.change-failed': () => ({
    icon: 'warning',
    tone: 'warning',
    title: 'An attempt to change the password failed',
    text: 'The current password that was given was wrong.',
  }),
  'user.suspended': () => ({ icon: 'warning', tone: 'warning', title: 'Account suspended by an operator' }),
  'user.reinstated': () => ({ icon: 'check', tone: 'good', title: 'Account opened again by an operator' }),
  'user.delete-failed': () => ({
    icon: 'warning',
    tone: 'warning',
    title: 'An attempt to delete the account failed',
    text: 'The password that was given was wrong.',
  }),
  'message.sent': ({ detail }) => ({
    icon: 'message',
    tone: 'info',
    title: 'Message from the operators',
    text: detail ?? 'It was for another device, and can be read there alone.',
  }),
};

export function tell(event: Activity): Told {
  return TELLERS[event.kind]?.(event) ?? { icon: 'info', tone: 'plain', title: event.kind };
}
