/** What `sessionEvents` tells, as types that clients select on. */

import { Field, GraphQLISODateTime, ID, InterfaceType, ObjectType } from 'type-graphql';
import type { SessionId } from '../../entities/identifier.js';
import type { EndReason } from '../../entities/session.js';
import { EndReasonName, endReasonName } from './enums.js';

@InterfaceType('SessionEvent', { description: 'Something that a signed-in client is told, unasked.' })
export abstract class SessionEvent {
  @Field(() => GraphQLISODateTime)
  at: Date;

  constructor(at: number) {
    this.at = new Date(at);
  }
}

@ObjectType('SessionEndedEvent', {
  implements: SessionEvent,
  description: 'One of your sessions has ended. Of the one that listens, it is the last event.',
})
export class SessionEndedEvent extends SessionEvent {
  @Field(() => ID)
  sessionId: string;

  @Field(() => EndReasonName)
  reason: EndReasonName;

  @Field(() => Boolean, { description: 'Whether it is the session that listens.' })
  current: boolean;

  constructor(at: number, sessionId: SessionId, reason: EndReason, current: boolean) {
    super(at);
    this.sessionId = sessionId;
    this.reason = endReasonName(reason);
    this.current = current;
  }
}

@ObjectType('SessionsEndedEvent', {
  implements: SessionEvent,
  description:
    'All your sessions have ended, or all but the one that asked for it. The connection of one that has ended is closed after this.',
})
export class SessionsEndedEvent extends SessionEvent {
  @Field(() => EndReasonName)
  reason: EndReasonName;

  constructor(at: number, reason: EndReason) {
    super(at);
    this.reason = endReasonName(reason);
  }
}

@ObjectType('DeviceSignedInEvent', { implements: SessionEvent, description: 'You have signed in elsewhere.' })
export class DeviceSignedInEvent extends SessionEvent {
  @Field(() => ID)
  sessionId: string;

  constructor(at: number, sessionId: SessionId) {
    super(at);
    this.sessionId = sessionId;
  }
}

@ObjectType('TokenReuseEvent', {
  implements: SessionEvent,
  description:
    'A refresh token of yours was used by two. One of them is a thief, so the session has ended, whoever was first.',
})
export class TokenReuseEvent extends SessionEvent {
  @Field(() => ID)
  sessionId: string;

  @Field(() => Boolean, { description: 'Whether it is the session that listens.' })
  current: boolean;

  constructor(at: number, sessionId: SessionId, current: boolean) {
    super(at);
    this.sessionId = sessionId;
    this.current = current;
  }
}

@ObjectType('SigningKeyRotatedEvent', {
  implements: SessionEvent,
  description: 'Another key signs access tokens. Clients need do nothing.',
})
export class SigningKeyRotatedEvent extends SessionEvent {}

@ObjectType('MessageEvent', { implements: SessionEvent, description: 'An operator has something to say.' })
export class MessageEvent extends SessionEvent {
  @Field(() => String, { description: 'Plain text, 500 characters at most. Line breaks may be in it.' })
  text: string;

  constructor(at: number, text: string) {
    super(at);
    this.text = text;
  }
}
