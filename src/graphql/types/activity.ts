/** What happened to an account, as its owner sees it. */

import { Field, GraphQLISODateTime, ID, ObjectType } from 'type-graphql';
import type { NamedActivity } from '../../account/activity.js';
import { ACTIVITY_WORDS } from '../../entities/activity.js';
import { connectionOf } from './connections.js';

@ObjectType('Activity', { description: 'Something that happened to an account, for its owner.' })
class ActivityNode {
  @Field(() => ID, { description: 'Opaque, and no number of an "AuditEvent".' })
  id: string;

  @Field(() => GraphQLISODateTime)
  at: Date;

  @Field(() => String, { description: 'Such as "login.failed".' })
  kind: string;

  @Field(() => ID, { nullable: true, description: 'The device it concerns, or that did it.' })
  sessionId: string | null;

  @Field(() => String, { nullable: true, description: 'Where it came from, unless somebody else did it.' })
  ipAddress: string | null;

  @Field(() => Boolean, {
    description: 'Whether somebody else did it: an operator, or a service that checks tokens.',
  })
  byAnother: boolean;

  @Field(() => String, {
    nullable: true,
    description: `How sessions came to their end, as one of ${ACTIVITY_WORDS.map((word) => `"${word}"`).join(', ')}; of "message.sent" its text, where it was not for another device. "verifier": a service revoked a token.`,
  })
  detail: string | null;

  constructor({ id, at, kind, sessionId, ipAddress, byAnother, detail }: NamedActivity) {
    this.id = id;
    this.at = new Date(at);
    this.kind = kind;
    this.sessionId = sessionId;
    this.ipAddress = ipAddress;
    this.byAnother = byAnother;
    this.detail = detail;
  }
}

export const ActivityConnection = connectionOf(
  'Activity',
  ActivityNode,
  (activity: NamedActivity) => new ActivityNode(activity),
);
