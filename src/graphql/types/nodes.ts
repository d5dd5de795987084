/** What exists, as clients see it. A field that is not listed here cannot be asked for: no hash, no salt, no secret. */

import { Authorized, Field, GraphQLISODateTime, ID, Int, ObjectType } from 'type-graphql';
import type { AuditRecord } from '../../entities/audit.js';
import { diesAt, type Session } from '../../entities/session.js';
import type { SigningKey } from '../../entities/signing-key.js';
import type { User } from '../../entities/user.js';
import type { Verifier } from '../../entities/verifier.js';
import type { IssuedTokens } from '../../session/contract.js';
import { connectionOf } from './connections.js';
import { algorithmName, KeyStateName, RoleName, SigningAlgorithmName } from './enums.js';

const dateOrNull = (at: number | null) => (at === null ? null : new Date(at));

@ObjectType('User', { description: 'Who signs in.' })
export class UserNode {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  email: string;

  @Field(() => String)
  name: string;

  @Field(() => [RoleName])
  roles: RoleName[];

  @Field(() => GraphQLISODateTime)
  createdAt: Date;

  @Authorized('OPERATOR')
  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the account was suspended, if it is.',
  })
  suspendedAt: Date | null;

  @Authorized('OPERATOR')
  @Field(() => String, { nullable: true })
  suspendedReason: string | null;

  constructor(readonly user: User) {
    this.id = user.id;
    this.email = user.email;
    this.name = user.name;
    this.roles = user.roles.map((role) => RoleName[role]);
    this.createdAt = new Date(user.createdAt);
    const { standing } = user;
    this.suspendedAt = standing.kind === 'suspended' ? new Date(standing.at) : null;
    this.suspendedReason = standing.kind === 'suspended' ? standing.reason : null;
  }
}

@ObjectType('Session', { description: 'One signed-in device.' })
export class SessionNode {
  @Field(() => ID)
  id: string;

  @Field(() => String, { nullable: true, description: 'What the client called itself at login.' })
  deviceName: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Read from the User-Agent, such as "Firefox on Linux".',
  })
  clientLabel: string | null;

  @Field(() => String, { nullable: true, description: 'Where the login came from.' })
  ipAddress: string | null;

  @Field(() => GraphQLISODateTime)
  createdAt: Date;

  @Field(() => GraphQLISODateTime, { description: 'The login or the last refresh.' })
  lastSeenAt: Date;

  @Field(() => Int, {
    description:
      'How often it has been renewed: in the hybrid model, the generation of its newest refresh token. A stateless server counts nothing, and says 0.',
  })
  generation: number;

  /** `isOwn`: the session that this very request began or renewed, so that its access token cannot say so yet. */
  constructor(
    readonly session: Session,
    readonly isOwn = false,
  ) {
    this.id = session.id;
    this.deviceName = session.client.deviceName;
    this.clientLabel = session.client.clientLabel;
    this.ipAddress = session.client.ipAddress;
    this.createdAt = new Date(session.createdAt);
    this.lastSeenAt = new Date(session.lastSeenAt);
    this.generation = session.generation;
  }

  expiresAt(idleTtlMs: number): Date {
    return new Date(diesAt(this.session, idleTtlMs));
  }
}

@ObjectType({ description: 'Tokens of one session.' })
export class TokenSet {
  @Field(() => String, {
    nullable: true,
    description:
      'To send as "Authorization: Bearer …": a JWT (RFC 9068), or an opaque text in the stateful model. Null where it travels in a cookie.',
  })
  accessToken: string | null;

  @Field(() => GraphQLISODateTime)
  accessTokenExpiresAt: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Null where it travels in a cookie, and in models without one.',
  })
  refreshToken: string | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the session dies if it is not refreshed.',
  })
  refreshTokenExpiresAt: Date | null;

  @Field(() => String, { description: 'Always "Bearer" (RFC 6750).' })
  tokenType = 'Bearer';

  @Field(() => GraphQLISODateTime, { description: 'The clock that the expiries are told by.' })
  serverTime: Date;

  /** `shown` is what may stand in the body: null for what is delivered by cookie. */
  constructor(
    tokens: IssuedTokens,
    shown: { readonly accessToken: string | null; readonly refreshToken: string | null },
    now: number,
  ) {
    this.accessToken = shown.accessToken;
    this.accessTokenExpiresAt = new Date(tokens.accessTokenExpiresAt);
    this.refreshToken = shown.refreshToken;
    this.refreshTokenExpiresAt = dateOrNull(tokens.refreshTokenExpiresAt);
    this.serverTime = new Date(now);
  }
}

@ObjectType('SigningKey', {
  description: 'A key that access tokens are signed with. Its private half is never shown.',
})
export class SigningKeyNode {
  @Field(() => ID, { description: 'The RFC 7638 thumbprint.' })
  kid: string;

  @Field(() => SigningAlgorithmName)
  algorithm: SigningAlgorithmName;

  @Field(() => KeyStateName)
  state: KeyStateName;

  @Field(() => GraphQLISODateTime)
  publishedAt: Date;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When a scheduled standby begins to sign.',
  })
  activatesAt: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  activatedAt: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  retiredAt: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When a retired key leaves the JWKS.' })
  goneAt: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  revokedAt: Date | null;

  @Field(() => String, { nullable: true })
  revokedReason: string | null;

  constructor({ kid, algorithm, publishedAt, state }: SigningKey) {
    this.kid = kid;
    this.algorithm = algorithmName(algorithm);
    this.state = KeyStateName[state.kind.toUpperCase() as keyof typeof KeyStateName];
    this.publishedAt = new Date(publishedAt);
    this.activatesAt = dateOrNull(state.kind === 'standby' ? state.activatesAt : null);
    this.activatedAt = dateOrNull(
      state.kind === 'active' || state.kind === 'retired' ? state.activatedAt : null,
    );
    this.retiredAt = dateOrNull(state.kind === 'retired' ? state.retiredAt : null);
    this.goneAt = dateOrNull(state.kind === 'retired' ? state.goneAt : null);
    this.revokedAt = dateOrNull(state.kind === 'revoked' ? state.revokedAt : null);
    this.revokedReason = state.kind === 'revoked' ? state.reason : null;
  }
}

@ObjectType('Verifier', {
  description:
    'A service that checks access tokens elsewhere. Its credential is shown when it is made, and then no more.',
})
export class VerifierNode {
  @Field(() => ID, { description: 'Its client id for HTTP Basic (RFC 6749 §2.3.1).' })
  id: string;

  @Field(() => String)
  name: string;

  @Field(() => GraphQLISODateTime)
  createdAt: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'From when its credential opens nothing.' })
  withdrawnAt: Date | null;

  constructor({ id, name, createdAt, withdrawnAt }: Verifier) {
    this.id = id;
    this.name = name;
    this.createdAt = new Date(createdAt);
    this.withdrawnAt = dateOrNull(withdrawnAt);
  }
}

@ObjectType('AuditEvent', {
  description: 'Something that happened to an account, a session, a key or a verifier.',
})
class AuditEventNode {
  @Field(() => ID)
  id: string;

  @Field(() => GraphQLISODateTime)
  at: Date;

  @Field(() => String, { description: 'Such as "login.failed".' })
  kind: string;

  @Field(() => ID, { nullable: true, description: 'Whose account it concerns.' })
  userId: string | null;

  @Field(() => ID, { nullable: true, description: 'Who did it, when that was another user.' })
  actorId: string | null;

  @Field(() => ID, { nullable: true })
  sessionId: string | null;

  @Field(() => String, { nullable: true })
  ipAddress: string | null;

  @Field(() => String, { nullable: true })
  detail: string | null;

  constructor(record: AuditRecord) {
    this.id = String(record.sequence);
    this.at = new Date(record.at);
    this.kind = record.kind;
    this.userId = record.userId;
    this.actorId = record.actorId;
    this.sessionId = record.sessionId;
    this.ipAddress = record.ipAddress;
    this.detail = record.detail;
  }
}

@ObjectType()
export class PasswordRules {
  @Field(() => Int, { description: 'In Unicode code points.' })
  minLength: number;

  @Field(() => Int, { description: 'In Unicode code points.' })
  maxLength: number;

  constructor(minLength: number, maxLength: number) {
    this.minLength = minLength;
    this.maxLength = maxLength;
  }
}

export const SessionConnection = connectionOf(
  'Session',
  SessionNode,
  (session: Session) => new SessionNode(session),
);
export const UserConnection = connectionOf('User', UserNode, (user: User) => new UserNode(user));
export const AuditConnection = connectionOf(
  'AuditEvent',
  AuditEventNode,
  (record: AuditRecord) => new AuditEventNode(record),
);
