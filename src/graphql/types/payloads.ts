/** What mutations answer: a success type, or one of the expected refusals, in a union for each mutation. */

import { type ClassType, createUnionType, Field, GraphQLISODateTime, Int, ObjectType } from 'type-graphql';
import { SessionNode, SigningKeyNode, TokenSet, UserNode, VerifierNode } from './nodes.js';
import * as problems from './problems.js';

@ObjectType()
export class RegisterSuccess {
  @Field(() => UserNode)
  viewer: UserNode;

  @Field(() => SessionNode)
  session: SessionNode;

  @Field(() => TokenSet)
  tokens: TokenSet;

  constructor(viewer: UserNode, session: SessionNode, tokens: TokenSet) {
    this.viewer = viewer;
    this.session = session;
    this.tokens = tokens;
  }
}

@ObjectType()
export class LoginSuccess extends RegisterSuccess {}

@ObjectType()
export class RefreshSuccess {
  @Field(() => SessionNode)
  session: SessionNode;

  @Field(() => TokenSet)
  tokens: TokenSet;

  constructor(session: SessionNode, tokens: TokenSet) {
    this.session = session;
    this.tokens = tokens;
  }
}

const DEAD_BY =
  'When every Counterfoil process certainly refuses the access tokens of what was ended. A service that reads only the JWKS accepts them until they expire.';

@ObjectType()
export class LogoutSuccess {
  @Field(() => GraphQLISODateTime, { description: DEAD_BY })
  accessTokensDeadBy: Date;

  constructor(accessTokensDeadBy: number) {
    this.accessTokensDeadBy = new Date(accessTokensDeadBy);
  }
}

@ObjectType()
export class LogoutDeviceSuccess extends LogoutSuccess {
  @Field(() => SessionNode)
  session: SessionNode;

  constructor(session: SessionNode, accessTokensDeadBy: number) {
    super(accessTokensDeadBy);
    this.session = session;
  }
}

@ObjectType()
export class LogoutAllDevicesSuccess extends LogoutSuccess {
  @Field(() => Int, { description: 'Sessions that had neither ended nor been swept.' })
  sessionsEnded: number;

  @Field(() => TokenSet, {
    nullable: true,
    description: 'For this device, where its session goes on.',
  })
  tokens: TokenSet | null;

  constructor(accessTokensDeadBy: number, sessionsEnded: number, tokens: TokenSet | null) {
    super(accessTokensDeadBy);
    this.sessionsEnded = sessionsEnded;
    this.tokens = tokens;
  }
}

@ObjectType()
export class ChangePasswordSuccess extends LogoutAllDevicesSuccess {
  @Field(() => UserNode)
  viewer: UserNode;

  constructor(
    viewer: UserNode,
    ended: { accessTokensDeadBy: number; sessionsEnded: number },
    tokens: TokenSet | null,
  ) {
    super(ended.accessTokensDeadBy, ended.sessionsEnded, tokens);
    this.viewer = viewer;
  }
}

@ObjectType()
export class DeleteAccountSuccess extends LogoutSuccess {}

@ObjectType()
export class RotateSigningKeySuccess {
  @Field(() => SigningKeyNode, { description: 'The key that signs now.' })
  active: SigningKeyNode;

  @Field(() => SigningKeyNode, { nullable: true, description: 'Null while the rotation is only scheduled.' })
  retired: SigningKeyNode | null;

  @Field(() => SigningKeyNode, { description: 'The key that signs next.' })
  standby: SigningKeyNode;

  @Field(() => GraphQLISODateTime, {
    description: 'When the rotation takes effect: now, or once verifiers know the key.',
  })
  activatesAt: Date;

  constructor(keys: Pick<RotateSigningKeySuccess, 'active' | 'retired' | 'standby'>, activatesAt: number) {
    this.active = keys.active;
    this.retired = keys.retired;
    this.standby = keys.standby;
    this.activatesAt = new Date(activatesAt);
  }
}

@ObjectType()
export class RevokeSigningKeySuccess extends LogoutSuccess {
  @Field(() => SigningKeyNode)
  revoked: SigningKeyNode;

  @Field(() => SigningKeyNode, { description: 'The key that signs now.' })
  active: SigningKeyNode;

  constructor(revoked: SigningKeyNode, active: SigningKeyNode, accessTokensDeadBy: number) {
    super(accessTokensDeadBy);
    this.revoked = revoked;
    this.active = active;
  }
}

@ObjectType()
class UserEndedSuccess extends LogoutSuccess {
  @Field(() => UserNode)
  user: UserNode;

  @Field(() => Int, { description: 'Sessions that had neither ended nor been swept.' })
  sessionsEnded: number;

  constructor(user: UserNode, sessionsEnded: number, accessTokensDeadBy: number) {
    super(accessTokensDeadBy);
    this.user = user;
    this.sessionsEnded = sessionsEnded;
  }
}

@ObjectType()
export class SuspendUserSuccess extends UserEndedSuccess {}

@ObjectType()
export class EndUserSessionsSuccess extends UserEndedSuccess {}

@ObjectType()
export class ReinstateUserSuccess {
  @Field(() => UserNode)
  user: UserNode;

  constructor(user: UserNode) {
    this.user = user;
  }
}

@ObjectType()
export class NotifyUserSuccess {
  @Field(() => GraphQLISODateTime, { description: 'Whoever listens now hears it; nobody hears it later.' })
  sentAt: Date;

  constructor(at: number) {
    this.sentAt = new Date(at);
  }
}

@ObjectType()
export class WithdrawVerifierSuccess {
  @Field(() => VerifierNode)
  verifier: VerifierNode;

  constructor(verifier: VerifierNode) {
    this.verifier = verifier;
  }
}

@ObjectType()
export class CreateVerifierSuccess extends WithdrawVerifierSuccess {
  @Field(() => String, {
    description:
      'Sent as a bearer token, or by HTTP Basic as the secret of the verifier’s id. It cannot be read again.',
  })
  credential: string;

  constructor(verifier: VerifierNode, credential: string) {
    super(verifier);
    this.credential = credential;
  }
}

function payload<Types extends readonly ClassType[]>(name: string, ...types: Types) {
  return createUnionType({ name: `${name}Payload`, types: () => types });
}

export const RegisterPayload = payload(
  'Register',
  RegisterSuccess,
  problems.EmailTakenProblem,
  problems.WeakPasswordProblem,
  problems.ThrottledProblem,
  problems.InvalidInputProblem,
);
export const LoginPayload = payload(
  'Login',
  LoginSuccess,
  problems.InvalidCredentialsProblem,
  problems.AccountSuspendedProblem,
  problems.ThrottledProblem,
);
export const RefreshPayload = payload(
  'Refresh',
  RefreshSuccess,
  problems.RefreshTokenInvalidProblem,
  problems.RefreshTokenReusedProblem,
  problems.SessionEndedProblem,
  problems.ThrottledProblem,
);
export const LogoutDevicePayload = payload(
  'LogoutDevice',
  LogoutDeviceSuccess,
  problems.SessionNotFoundProblem,
  problems.UnsupportedByModelProblem,
);
export const LogoutAllDevicesPayload = payload(
  'LogoutAllDevices',
  LogoutAllDevicesSuccess,
  problems.ThrottledProblem,
  problems.UnsupportedByModelProblem,
);
export const ChangePasswordPayload = payload(
  'ChangePassword',
  ChangePasswordSuccess,
  problems.InvalidCredentialsProblem,
  problems.WeakPasswordProblem,
  problems.ThrottledProblem,
);
export const DeleteAccountPayload = payload(
  'DeleteAccount',
  DeleteAccountSuccess,
  problems.InvalidCredentialsProblem,
  problems.ThrottledProblem,
);
export const NotifyUserPayload = payload(
  'NotifyUser',
  NotifyUserSuccess,
  problems.UserNotFoundProblem,
  problems.SessionNotFoundProblem,
  problems.InvalidInputProblem,
  problems.ThrottledProblem,
);
export const RotateSigningKeyPayload = payload(
  'RotateSigningKey',
  RotateSigningKeySuccess,
  problems.UnsupportedAlgorithmProblem,
);
export const RevokeSigningKeyPayload = payload(
  'RevokeSigningKey',
  RevokeSigningKeySuccess,
  problems.SigningKeyNotFoundProblem,
);
export const SuspendUserPayload = payload('SuspendUser', SuspendUserSuccess, problems.UserNotFoundProblem);
export const ReinstateUserPayload = payload(
  'ReinstateUser',
  ReinstateUserSuccess,
  problems.UserNotFoundProblem,
);
export const EndUserSessionsPayload = payload(
  'EndUserSessions',
  EndUserSessionsSuccess,
  problems.UserNotFoundProblem,
  problems.UnsupportedByModelProblem,
);
export const CreateVerifierPayload = payload(
  'CreateVerifier',
  CreateVerifierSuccess,
  problems.InvalidInputProblem,
);
export const WithdrawVerifierPayload = payload(
  'WithdrawVerifier',
  WithdrawVerifierSuccess,
  problems.VerifierNotFoundProblem,
);
