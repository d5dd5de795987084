/**
 * What happened, in words for operators. `{user}` is whose account it concerns, `{actor}` who did it, `{device}` the
 * session, `{key}` and `{service}` what the detail names. What a newer server tells and this does not know is told as it is.
 */

import type { AuditLogQuery } from '../../generated/graphql.js';
import type { IconName, Tone } from '../../kit/index.js';

export type AuditEvent = AuditLogQuery['auditLog']['edges'][number]['node'];

interface Words {
  /** In the list to choose from. */
  readonly title: string;
  readonly icon: IconName;
  /** Whether it deserves a second look. */
  readonly tone: Tone | 'plain';
  readonly sentence: string | ((event: AuditEvent) => string);
  /** The detail is words of its own and no part of the sentence. */
  readonly hasText?: true;
}

const ENDED: Readonly<Record<string, string>> = {
  logout: '{user} logged out on {device}',
  'logout-device': '{user} logged out {device} from another',
  operator: '{actor} ended {device} of {user}',
  replaced: '{device} of {user} ended, because {actor} signed in with the same browser',
};

const ALL_ENDED: Readonly<Record<string, string>> = {
  all: '{user} logged out everywhere',
  others: '{user} logged out every other device',
  operator: '{actor} ended all sessions of {user}',
};

/** Keys change by themselves, too. */
const byHand = (done: string, byItself: string) => (event: AuditEvent) =>
  event.actorId === null ? byItself : done;

const WORDS: Readonly<Record<string, Words>> = {
  'login.succeeded': { title: 'Signed in', icon: 'devices', tone: 'plain', sentence: '{user} signed in' },
  'login.failed': {
    title: 'Sign-in failed',
    icon: 'warning',
    tone: 'warning',
    sentence: ({ userId, detail }) => {
      if (userId === null) return 'Somebody tried an address that has no account';
      return detail === 'suspended'
        ? '{user}, who is suspended, had the right password'
        : 'A sign-in as {user} failed';
    },
  },
  'session.ended': {
    title: 'Session ended',
    icon: 'out',
    tone: 'plain',
    sentence: ({ detail }) =>
      detail?.startsWith('logout by verifier')
        ? 'A service ended {device} of {user}'
        : (ENDED[detail ?? ''] ?? '{device} of {user} ended'),
  },
  'session.reuse-detected': {
    title: 'Reuse detected',
    icon: 'warning',
    tone: 'danger',
    sentence: 'A refresh token of {user} was used by two: {device} ended',
  },
  'sessions.ended': {
    title: 'All sessions ended',
    icon: 'out',
    tone: 'plain',
    sentence: ({ detail }) => ALL_ENDED[detail ?? ''] ?? 'The sessions of {user} ended',
  },
  'user.registered': {
    title: 'User registered',
    icon: 'ticket',
    tone: 'plain',
    sentence: '{user} registered',
  },
  'user.created': {
    title: 'User created',
    icon: 'ticket',
    tone: 'plain',
    sentence: byHand('{actor} created {user}', '{user} was created on the server'),
  },
  'user.suspended': {
    title: 'User suspended',
    icon: 'lock',
    tone: 'danger',
    sentence: '{actor} suspended {user}',
  },
  'user.reinstated': {
    title: 'User reinstated',
    icon: 'check',
    tone: 'good',
    sentence: '{actor} reinstated {user}',
  },
  'user.deleted': {
    title: 'User deleted',
    icon: 'user',
    tone: 'plain',
    sentence: '{user} deleted the account',
  },
  'user.delete-failed': {
    title: 'Deletion failed',
    icon: 'warning',
    tone: 'warning',
    sentence: 'An attempt to delete {user} failed: wrong password',
  },
  'password.changed': {
    title: 'Password changed',
    icon: 'lock',
    tone: 'plain',
    sentence: '{user} changed the password',
  },
  'password.change-failed': {
    title: 'Password change failed',
    icon: 'warning',
    tone: 'warning',
    sentence: 'An attempt to change the password of {user} failed',
  },
  'key.rotated': {
    title: 'Key rotated',
    icon: 'key',
    tone: 'info',
    sentence: byHand(
      '{actor} rotated the signing key: {key} signs',
      '{key} signs, by itself or from the command line',
    ),
  },
  'key.scheduled': {
    title: 'Rotation scheduled',
    icon: 'key',
    tone: 'info',
    sentence: byHand('{actor} scheduled a rotation to {key}', 'A rotation to {key} was scheduled'),
  },
  'key.revoked': {
    title: 'Key revoked',
    icon: 'key',
    tone: 'danger',
    sentence: byHand('{actor} revoked {key}', '{key} was revoked from the command line'),
  },
  'keys.rewrapped': {
    title: 'Master key changed',
    icon: 'key',
    tone: 'warning',
    sentence: 'The master key was changed',
  },
  'verifier.created': {
    title: 'Service admitted',
    icon: 'terminal',
    tone: 'info',
    sentence: byHand('{actor} admitted {service}', '{service} was admitted from the command line'),
  },
  'verifier.withdrawn': {
    title: 'Service withdrawn',
    icon: 'terminal',
    tone: 'warning',
    sentence: byHand('{actor} withdrew {service}', '{service} was withdrawn from the command line'),
  },
  'message.sent': {
    title: 'Message sent',
    icon: 'message',
    tone: 'info',
    sentence: ({ userId, sessionId }) =>
      userId === null
        ? '{actor} wrote to everybody'
        : sessionId === null
          ? '{actor} wrote to {user}'
          : '{actor} wrote to {device} of {user}',
    hasText: true,
  },
};

export const KNOWN_KINDS: readonly (readonly [kind: string, title: string])[] = Object.entries(WORDS)
  .map(([kind, { title }]) => [kind, title] as const)
  .sort(([, a], [, b]) => a.localeCompare(b));

export interface Told {
  readonly icon: IconName;
  readonly tone: Tone | 'plain';
  readonly sentence: string;
  readonly text: string | null;
}

export function tell(event: AuditEvent): Told {
  const words = WORDS[event.kind];
  if (words === undefined) return { icon: 'info', tone: 'plain', sentence: event.kind, text: event.detail };
  const { icon, tone, sentence, hasText } = words;
  return {
    icon,
    tone,
    sentence: typeof sentence === 'string' ? sentence : sentence(event),
    text: hasText ? event.detail : null,
  };
}
