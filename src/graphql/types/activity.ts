/**
 * What happened to an account, as its owner sees it: the audit log without what is an operator's own, such as where an
 * operator was and why they did what they did.
 */

import { Field, GraphQLISODateTime, ID, ObjectType } from 'type-graphql';
import type { AuditKind, AuditRecord } from '../../entities/audit.js';
import { connectionOf } from './connections.js';

/** Of these the word more says how it came about; of others it may be meant for operators. */
const TOLD: readonly AuditKind[] = [
  'session.ended',
  'sessions.ended',
  'session.reuse-detected',
  'message.sent',
];

@ObjectType('Activity', { description: 'Something that happened to an account, for its owner.' })
class ActivityNode {
  @Field(() => ID)
  id: string;

  @Field(() => GraphQLISODateTime)
  at: Date;

  @Field(() => String, { description: 'Such as "login.failed".' })
  kind: string;

  @Field(() => ID, { nullable: true, description: 'The device it concerns, or that did it.' })
  sessionId: string | null;

  @Field(() => String, { nullable: true, description: 'Where it came from, unless somebody else did it.' })
  ipAddress: string | null;

  @Field(() => Boolean, { description: 'Whether somebody else did it, such as an operator.' })
  byAnother: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'How a session came to its end, or the text of a message.',
  })
  detail: string | null;

  constructor({ sequence, at, kind, userId, actorId, sessionId, ipAddress, detail }: AuditRecord) {
    this.id = String(sequence);
    this.at = new Date(at);
    this.kind = kind;
    this.sessionId = sessionId;
    this.byAnother = actorId !== null && actorId !== userId;
    this.ipAddress = this.byAnother ? null : ipAddress;
    this.detail = TOLD.includes(kind) ? detail : null;
  }
}

export const ActivityConnection = connectionOf(
  'Activity',
  ActivityNode,
  (record: AuditRecord) => new ActivityNode(record),
);
