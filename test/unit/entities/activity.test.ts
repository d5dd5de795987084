import { describe, expect, it } from 'vitest';
import { activityOf, logoutByVerifier } from '../../../src/entities/activity.js';
import { AUDIT_KINDS, type AuditEvent, auditEvent } from '../../../src/entities/audit.js';
import type { SessionId, UserId } from '../../../src/entities/identifier.js';

const OWNER = 'AAAAAAAAAAAAAAAAAAAAAA' as UserId;
const OPERATOR = 'BBBBBBBBBBBBBBBBBBBBBA' as UserId;
const [HERE, THERE] = ['DDDDDDDDDDDDDDDDDDDDDA' as SessionId, 'EEEEEEEEEEEEEEEEEEEEEA' as SessionId];
const ADDRESS = '203.0.113.9';

function told(kind: AuditEvent['kind'], about: Partial<AuditEvent>) {
  const event = auditEvent(kind, 1, { userId: OWNER, ipAddress: ADDRESS, ...about });
  const { byAnother, ipAddress, detail } = activityOf({ ...event, sequence: 1 }, HERE);
  return { byAnother, ipAddress, detail };
}

const ANOTHER = { byAnother: true, ipAddress: null };
const MYSELF = { byAnother: false, ipAddress: ADDRESS };

describe('what an owner is told', () => {
  it.each([false, true])(
    'of a verifier that revoked a token: that one did, and neither which nor where',
    (usedUp) => {
      const detail = logoutByVerifier('CCCCCCCCCCCCCCCCCCCCCA', usedUp);
      expect(told('session.ended', { detail })).toEqual({ ...ANOTHER, detail: 'verifier' });
    },
  );

  it.each([
    ['session.ended', 'operator', 'operator'],
    ['sessions.ended', 'operator', 'operator'],
    ['user.created', null, null],
    ['user.suspended', 'a reason', null],
    ['user.reinstated', null, null],
    ['message.sent', 'Maintenance at six.', 'Maintenance at six.'],
  ] as const)(
    'of %s (%s) at the command line, where nobody is named: another did it',
    (kind, detail, word) => {
      expect(told(kind, { detail, actorId: null })).toEqual({ ...ANOTHER, detail: word });
      expect(told(kind, { detail, actorId: OPERATOR })).toEqual({ ...ANOTHER, detail: word });
    },
  );

  it('of a message to one device its text on that device, and on any other that there was one', () => {
    const detail = 'Come to the desk.';
    const sentTo = (sessionId: SessionId) => told('message.sent', { detail, actorId: OPERATOR, sessionId });
    expect(sentTo(HERE)).toEqual({ ...ANOTHER, detail });
    expect(sentTo(THERE)).toEqual({ ...ANOTHER, detail: null });
  });

  it('of an operator who did it to themselves: they did', () => {
    expect(told('user.suspended', { actorId: OWNER })).toEqual({ ...MYSELF, detail: null });
    expect(told('sessions.ended', { actorId: OWNER, detail: 'operator' })).toEqual({
      ...MYSELF,
      detail: 'operator',
    });
  });

  it.each(['logout', 'logout-device'])('of their own %s: that they did it, and where', (detail) => {
    expect(told('session.ended', { detail })).toEqual({ ...MYSELF, detail });
  });

  it('no word but those that are known, and none of any other event', () => {
    expect(told('session.ended', { detail: 'ticket 4711' }).detail).toBeNull();
    const others = AUDIT_KINDS.filter(
      (kind) => !['session.ended', 'sessions.ended', 'message.sent'].includes(kind),
    );
    for (const kind of others) expect(told(kind, { detail: 'operator' }).detail).toBeNull();
  });
});
