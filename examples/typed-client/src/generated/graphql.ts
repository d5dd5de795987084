/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type ChangePasswordInput = {
  readonly currentPassword: string;
  readonly newPassword: string;
};

export type CreateVerifierInput = {
  /** What to call it, such as "orders service"; 100 characters. */
  readonly name: string;
};

export type DeleteAccountInput = {
  readonly password: string;
};

/** Where the refresh token travels. */
export type Delivery =
  /** Only in the response body: for native apps and servers. */
  | 'BODY'
  /** Only in a __Host- cookie that no script can read: for browsers. */
  | 'COOKIE';

/** Why a session ended. */
export type EndReason =
  | 'ACCOUNT_DELETED'
  /** Its own client logged out, or a service revoked its token. */
  | 'LOGOUT'
  /** The user logged out everywhere. */
  | 'LOGOUT_ALL'
  /** Another device of the user ended it. */
  | 'LOGOUT_DEVICE'
  /** An operator ended it. */
  | 'OPERATOR'
  | 'PASSWORD_CHANGED'
  /** Another user signed in with the same browser. */
  | 'REPLACED'
  /** A refresh token was used by two. */
  | 'REUSE'
  | 'SUSPENDED';

export type LoginInput = {
  /** Browsers should say COOKIE. */
  readonly delivery?: Delivery;
  /** How this device shall be called in lists; 64 characters. */
  readonly deviceName?: string | null | undefined;
  readonly email: string;
  readonly password: string;
};

export type LogoutAllDevicesInput = {
  /** Keep this device signed in; it gets fresh tokens. */
  readonly exceptCurrent?: boolean;
};

export type LogoutDeviceInput = {
  readonly sessionId: string;
};

export type NotifyUserInput = {
  /** This device alone. */
  readonly sessionId?: string | null | undefined;
  /** Plain text; 500 characters. */
  readonly text: string;
  /** All devices of this user. Without it, and without "sessionId", everybody. */
  readonly userId?: string | null | undefined;
};

export type RefreshInput = {
  /** A random id that the client stores before it sends a refresh, and sends again when it repeats that same refresh: a lost response then costs nothing. At most 256 characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** Left out where the refresh token travels in a cookie. */
  readonly refreshToken?: string | null | undefined;
};

export type RegisterInput = {
  /** Browsers should say COOKIE. */
  readonly delivery?: Delivery;
  /** How this device shall be called in lists; 64 characters. */
  readonly deviceName?: string | null | undefined;
  readonly email: string;
  /** The part of the address before the @ if it is left out. */
  readonly name?: string | null | undefined;
  readonly password: string;
};

export type RevokeSigningKeyInput = {
  readonly kid: string;
  /** Kept with the key; 200 characters. */
  readonly reason: string;
};

/** What a user may do: USER, OPERATOR. */
export type Role =
  | 'OPERATOR'
  | 'USER';

export type RotateSigningKeyInput = {
  /** The present one if it is left out. */
  readonly algorithm?: SigningAlgorithm | null | undefined;
  /** Do not wait until the new key has been published long enough for every verifier to know it. */
  readonly force?: boolean;
};

/** Who may say that a credential is good. */
export type SessionModel =
  /** The signature and what was revoked; the database on each refresh. */
  | 'HYBRID'
  /** The database, on each request. */
  | 'STATEFUL'
  /** The signature alone. */
  | 'STATELESS';

/** A JWS algorithm: ES256, EdDSA, RS256, ML-DSA-44. */
export type SigningAlgorithm =
  | 'ES256'
  | 'EdDSA'
  | 'ML_DSA_44'
  | 'RS256';

export type SigningKeyState =
  /** Signs. */
  | 'ACTIVE'
  /** Signs no more; its last tokens are still accepted. */
  | 'RETIRED'
  /** Nothing it signed is accepted. */
  | 'REVOKED'
  /** Published for verifiers to learn; signs nothing yet. */
  | 'STANDBY';

export type SuspendUserInput = {
  /** For operators to read; 200 characters. */
  readonly reason: string;
  readonly userId: string;
};

export type UserIdInput = {
  readonly userId: string;
};

export type WithdrawVerifierInput = {
  readonly id: string;
};

export type ActivityQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type ActivityQuery = { readonly viewer: { readonly id: string, readonly activity: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly at: string, readonly kind: string, readonly sessionId: string | null, readonly ipAddress: string | null, readonly byAnother: boolean, readonly detail: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type AuditLogQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
  kind?: string | null | undefined;
  userId?: string | null | undefined;
}>;


export type AuditLogQuery = { readonly auditLog: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly at: string, readonly kind: string, readonly userId: string | null, readonly actorId: string | null, readonly sessionId: string | null, readonly ipAddress: string | null, readonly detail: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { readonly changePassword:
    | { readonly __typename: 'ChangePasswordSuccess', readonly sessionsEnded: number, readonly accessTokensDeadBy: string, readonly viewer: { readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string }, readonly tokens: { readonly accessToken: string | null, readonly accessTokenExpiresAt: string, readonly refreshToken: string | null, readonly refreshTokenExpiresAt: string | null, readonly serverTime: string } | null }
    | { readonly __typename: 'InvalidCredentials', readonly message: string }
    | { readonly __typename: 'Throttled', readonly message: string, readonly retryAfter: number }
    | { readonly __typename: 'WeakPassword', readonly message: string, readonly reasons: ReadonlyArray<string> }
   };

export type CreateVerifierMutationVariables = Exact<{
  input: CreateVerifierInput;
}>;


export type CreateVerifierMutation = { readonly createVerifier:
    | { readonly __typename: 'CreateVerifierSuccess', readonly credential: string, readonly verifier: { readonly id: string, readonly name: string, readonly createdAt: string, readonly withdrawnAt: string | null } }
    | { readonly __typename: 'InvalidInput', readonly message: string, readonly problems: ReadonlyArray<{ readonly field: string, readonly message: string }> }
   };

export type DeleteAccountMutationVariables = Exact<{
  input: DeleteAccountInput;
}>;


export type DeleteAccountMutation = { readonly deleteAccount:
    | { readonly __typename: 'DeleteAccountSuccess', readonly accessTokensDeadBy: string }
    | { readonly __typename: 'InvalidCredentials', readonly message: string }
    | { readonly __typename: 'Throttled', readonly message: string, readonly retryAfter: number }
   };

export type EndUserSessionsMutationVariables = Exact<{
  input: UserIdInput;
}>;


export type EndUserSessionsMutation = { readonly endUserSessions:
    | { readonly __typename: 'EndUserSessionsSuccess', readonly sessionsEnded: number, readonly accessTokensDeadBy: string, readonly user: { readonly suspendedAt: string | null, readonly suspendedReason: string | null, readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string } }
    | { readonly __typename: 'UnsupportedByModel', readonly message: string }
    | { readonly __typename: 'UserNotFound', readonly message: string }
   };

export type TokensFragment = { readonly accessToken: string | null, readonly accessTokenExpiresAt: string, readonly refreshToken: string | null, readonly refreshTokenExpiresAt: string | null, readonly serverTime: string };

export type DeviceFragment = { readonly id: string, readonly deviceName: string | null, readonly clientLabel: string | null, readonly ipAddress: string | null, readonly createdAt: string, readonly lastSeenAt: string, readonly expiresAt: string, readonly current: boolean };

export type PersonFragment = { readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string };

export type AccountFragment = { readonly suspendedAt: string | null, readonly suspendedReason: string | null, readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string };

export type KeyFragment = { readonly kid: string, readonly algorithm: SigningAlgorithm, readonly state: SigningKeyState, readonly publishedAt: string, readonly activatesAt: string | null, readonly activatedAt: string | null, readonly retiredAt: string | null, readonly goneAt: string | null, readonly revokedAt: string | null, readonly revokedReason: string | null };

export type PageFragment = { readonly hasNextPage: boolean, readonly endCursor: string | null };

export type ServiceFragment = { readonly id: string, readonly name: string, readonly createdAt: string, readonly withdrawnAt: string | null };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { readonly login:
    | { readonly __typename: 'AccountSuspended', readonly message: string }
    | { readonly __typename: 'InvalidCredentials', readonly message: string }
    | { readonly __typename: 'LoginSuccess', readonly viewer: { readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string }, readonly session: { readonly id: string, readonly deviceName: string | null, readonly clientLabel: string | null, readonly ipAddress: string | null, readonly createdAt: string, readonly lastSeenAt: string, readonly expiresAt: string, readonly current: boolean }, readonly tokens: { readonly accessToken: string | null, readonly accessTokenExpiresAt: string, readonly refreshToken: string | null, readonly refreshTokenExpiresAt: string | null, readonly serverTime: string } }
    | { readonly __typename: 'Throttled', readonly message: string, readonly retryAfter: number }
   };

export type LogoutAllDevicesMutationVariables = Exact<{
  input?: LogoutAllDevicesInput | null | undefined;
}>;


export type LogoutAllDevicesMutation = { readonly logoutAllDevices:
    | { readonly __typename: 'LogoutAllDevicesSuccess', readonly sessionsEnded: number, readonly accessTokensDeadBy: string, readonly tokens: { readonly accessToken: string | null, readonly accessTokenExpiresAt: string, readonly refreshToken: string | null, readonly refreshTokenExpiresAt: string | null, readonly serverTime: string } | null }
    | { readonly __typename: 'Throttled', readonly message: string, readonly retryAfter: number }
    | { readonly __typename: 'UnsupportedByModel', readonly message: string }
   };

export type LogoutDeviceMutationVariables = Exact<{
  input: LogoutDeviceInput;
}>;


export type LogoutDeviceMutation = { readonly logoutDevice:
    | { readonly __typename: 'LogoutDeviceSuccess', readonly accessTokensDeadBy: string, readonly session: { readonly id: string, readonly deviceName: string | null, readonly clientLabel: string | null, readonly ipAddress: string | null, readonly createdAt: string, readonly lastSeenAt: string, readonly expiresAt: string, readonly current: boolean } }
    | { readonly __typename: 'SessionNotFound', readonly message: string }
    | { readonly __typename: 'UnsupportedByModel', readonly message: string }
   };

export type LogoutMutationVariables = Exact<{ [key: string]: never; }>;


export type LogoutMutation = { readonly logout: { readonly accessTokensDeadBy: string } };

export type NotifyUserMutationVariables = Exact<{
  input: NotifyUserInput;
}>;


export type NotifyUserMutation = { readonly notifyUser:
    | { readonly __typename: 'InvalidInput', readonly message: string, readonly problems: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotifyUserSuccess', readonly sentAt: string }
    | { readonly __typename: 'SessionNotFound', readonly message: string }
    | { readonly __typename: 'Throttled', readonly retryAfter: number, readonly message: string }
    | { readonly __typename: 'UserNotFound', readonly message: string }
   };

export type RefreshMutationVariables = Exact<{
  input: RefreshInput;
}>;


export type RefreshMutation = { readonly refresh:
    | { readonly __typename: 'RefreshSuccess', readonly session: { readonly id: string, readonly deviceName: string | null, readonly clientLabel: string | null, readonly ipAddress: string | null, readonly createdAt: string, readonly lastSeenAt: string, readonly expiresAt: string, readonly current: boolean }, readonly tokens: { readonly accessToken: string | null, readonly accessTokenExpiresAt: string, readonly refreshToken: string | null, readonly refreshTokenExpiresAt: string | null, readonly serverTime: string } }
    | { readonly __typename: 'RefreshTokenInvalid', readonly message: string }
    | { readonly __typename: 'RefreshTokenReused', readonly message: string }
    | { readonly __typename: 'SessionEnded', readonly message: string }
    | { readonly __typename: 'Throttled', readonly message: string, readonly retryAfter: number }
   };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { readonly register:
    | { readonly __typename: 'EmailTaken', readonly message: string }
    | { readonly __typename: 'InvalidInput', readonly message: string, readonly problems: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'RegisterSuccess', readonly viewer: { readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string }, readonly session: { readonly id: string, readonly deviceName: string | null, readonly clientLabel: string | null, readonly ipAddress: string | null, readonly createdAt: string, readonly lastSeenAt: string, readonly expiresAt: string, readonly current: boolean }, readonly tokens: { readonly accessToken: string | null, readonly accessTokenExpiresAt: string, readonly refreshToken: string | null, readonly refreshTokenExpiresAt: string | null, readonly serverTime: string } }
    | { readonly __typename: 'Throttled', readonly message: string, readonly retryAfter: number }
    | { readonly __typename: 'WeakPassword', readonly message: string, readonly reasons: ReadonlyArray<string> }
   };

export type RevokeSigningKeyMutationVariables = Exact<{
  input: RevokeSigningKeyInput;
}>;


export type RevokeSigningKeyMutation = { readonly revokeSigningKey:
    | { readonly __typename: 'RevokeSigningKeySuccess', readonly accessTokensDeadBy: string, readonly revoked: { readonly kid: string, readonly algorithm: SigningAlgorithm, readonly state: SigningKeyState, readonly publishedAt: string, readonly activatesAt: string | null, readonly activatedAt: string | null, readonly retiredAt: string | null, readonly goneAt: string | null, readonly revokedAt: string | null, readonly revokedReason: string | null }, readonly active: { readonly kid: string, readonly algorithm: SigningAlgorithm, readonly state: SigningKeyState, readonly publishedAt: string, readonly activatesAt: string | null, readonly activatedAt: string | null, readonly retiredAt: string | null, readonly goneAt: string | null, readonly revokedAt: string | null, readonly revokedReason: string | null } }
    | { readonly __typename: 'SigningKeyNotFound', readonly message: string }
   };

export type RotateSigningKeyMutationVariables = Exact<{
  input?: RotateSigningKeyInput | null | undefined;
}>;


export type RotateSigningKeyMutation = { readonly rotateSigningKey:
    | { readonly __typename: 'RotateSigningKeySuccess', readonly activatesAt: string, readonly active: { readonly kid: string, readonly algorithm: SigningAlgorithm, readonly state: SigningKeyState, readonly publishedAt: string, readonly activatesAt: string | null, readonly activatedAt: string | null, readonly retiredAt: string | null, readonly goneAt: string | null, readonly revokedAt: string | null, readonly revokedReason: string | null }, readonly retired: { readonly kid: string, readonly algorithm: SigningAlgorithm, readonly state: SigningKeyState, readonly publishedAt: string, readonly activatesAt: string | null, readonly activatedAt: string | null, readonly retiredAt: string | null, readonly goneAt: string | null, readonly revokedAt: string | null, readonly revokedReason: string | null } | null, readonly standby: { readonly kid: string, readonly algorithm: SigningAlgorithm, readonly state: SigningKeyState, readonly publishedAt: string, readonly activatesAt: string | null, readonly activatedAt: string | null, readonly retiredAt: string | null, readonly goneAt: string | null, readonly revokedAt: string | null, readonly revokedReason: string | null } }
    | { readonly __typename: 'UnsupportedAlgorithm', readonly message: string }
   };

export type ServerFiguresQueryVariables = Exact<{ [key: string]: never; }>;


export type ServerFiguresQuery = { readonly serverFigures: { readonly process: string, readonly at: string, readonly refreshVerdicts: ReadonlyArray<{ readonly verdict: string, readonly because: string | null, readonly count: number }>, readonly revocations: { readonly remembered: number, readonly stalenessMs: number | null, readonly felt: number, readonly lag: { readonly p50Ms: number, readonly p99Ms: number, readonly maxMs: number } | null }, readonly argon2: { readonly running: number, readonly waiting: number, readonly limit: number, readonly refused: number }, readonly push: { readonly connections: number, readonly subscriptions: number, readonly sent: number, readonly dropped: number } } };

export type ServerInfoQueryVariables = Exact<{ [key: string]: never; }>;


export type ServerInfoQuery = { readonly serverInfo: { readonly issuer: string, readonly sessionModel: SessionModel, readonly serverTime: string, readonly accessTokenLifetime: number, readonly idleLifetime: number, readonly absoluteLifetime: number, readonly reuseGrace: number, readonly maxStaleness: number, readonly passwordRules: { readonly minLength: number, readonly maxLength: number } } };

export type SessionEventsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type SessionEventsSubscription = { readonly sessionEvents:
    | { readonly __typename: 'DeviceSignedInEvent', readonly sessionId: string, readonly at: string }
    | { readonly __typename: 'MessageEvent', readonly text: string, readonly at: string }
    | { readonly __typename: 'SessionEndedEvent', readonly sessionId: string, readonly reason: EndReason, readonly current: boolean, readonly at: string }
    | { readonly __typename: 'SessionsEndedEvent', readonly reason: EndReason, readonly at: string }
    | { readonly __typename: 'SigningKeyRotatedEvent', readonly at: string }
    | { readonly __typename: 'TokenReuseEvent', readonly sessionId: string, readonly current: boolean, readonly at: string }
   };

export type SessionQueryVariables = Exact<{
  id?: string | null | undefined;
}>;


export type SessionQuery = { readonly session: { readonly generation: number, readonly id: string, readonly deviceName: string | null, readonly clientLabel: string | null, readonly ipAddress: string | null, readonly createdAt: string, readonly lastSeenAt: string, readonly expiresAt: string, readonly current: boolean } | null };

export type SigningKeyPolicyQueryVariables = Exact<{ [key: string]: never; }>;


export type SigningKeyPolicyQuery = { readonly signingKeyPolicy: { readonly publishLead: number, readonly rotationPeriod: number, readonly tokenLingers: number } };

export type SigningKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type SigningKeysQuery = { readonly signingKeys: ReadonlyArray<{ readonly kid: string, readonly algorithm: SigningAlgorithm, readonly state: SigningKeyState, readonly publishedAt: string, readonly activatesAt: string | null, readonly activatedAt: string | null, readonly retiredAt: string | null, readonly goneAt: string | null, readonly revokedAt: string | null, readonly revokedReason: string | null }> };

export type SuspendUserMutationVariables = Exact<{
  input: SuspendUserInput;
}>;


export type SuspendUserMutation = { readonly suspendUser:
    | { readonly __typename: 'SuspendUserSuccess', readonly sessionsEnded: number, readonly accessTokensDeadBy: string, readonly user: { readonly suspendedAt: string | null, readonly suspendedReason: string | null, readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string } }
    | { readonly __typename: 'UserNotFound', readonly message: string }
   };

export type ReinstateUserMutationVariables = Exact<{
  input: UserIdInput;
}>;


export type ReinstateUserMutation = { readonly reinstateUser:
    | { readonly __typename: 'ReinstateUserSuccess', readonly user: { readonly suspendedAt: string | null, readonly suspendedReason: string | null, readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string } }
    | { readonly __typename: 'UserNotFound', readonly message: string }
   };

export type UsersQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type UsersQuery = { readonly users: { readonly edges: ReadonlyArray<{ readonly node: { readonly suspendedAt: string | null, readonly suspendedReason: string | null, readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type UserQueryVariables = Exact<{
  id: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type UserQuery = { readonly user: { readonly suspendedAt: string | null, readonly suspendedReason: string | null, readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string, readonly sessions: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly deviceName: string | null, readonly clientLabel: string | null, readonly ipAddress: string | null, readonly createdAt: string, readonly lastSeenAt: string, readonly expiresAt: string, readonly current: boolean } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type VerifiersQueryVariables = Exact<{ [key: string]: never; }>;


export type VerifiersQuery = { readonly verifiers: ReadonlyArray<{ readonly id: string, readonly name: string, readonly createdAt: string, readonly withdrawnAt: string | null }> };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string } | null };

export type ViewerDevicesQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type ViewerDevicesQuery = { readonly viewer: { readonly id: string, readonly email: string, readonly name: string, readonly roles: ReadonlyArray<Role>, readonly createdAt: string, readonly sessions: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly deviceName: string | null, readonly clientLabel: string | null, readonly ipAddress: string | null, readonly createdAt: string, readonly lastSeenAt: string, readonly expiresAt: string, readonly current: boolean } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type WithdrawVerifierMutationVariables = Exact<{
  input: WithdrawVerifierInput;
}>;


export type WithdrawVerifierMutation = { readonly withdrawVerifier:
    | { readonly __typename: 'VerifierNotFound', readonly message: string }
    | { readonly __typename: 'WithdrawVerifierSuccess', readonly verifier: { readonly id: string, readonly name: string, readonly createdAt: string, readonly withdrawnAt: string | null } }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const TokensFragmentDoc = new TypedDocumentString(`
    fragment Tokens on TokenSet {
  accessToken
  accessTokenExpiresAt
  refreshToken
  refreshTokenExpiresAt
  serverTime
}
    `, {"fragmentName":"Tokens"}) as unknown as TypedDocumentString<TokensFragment, unknown>;
export const DeviceFragmentDoc = new TypedDocumentString(`
    fragment Device on Session {
  id
  deviceName
  clientLabel
  ipAddress
  createdAt
  lastSeenAt
  expiresAt
  current
}
    `, {"fragmentName":"Device"}) as unknown as TypedDocumentString<DeviceFragment, unknown>;
export const PersonFragmentDoc = new TypedDocumentString(`
    fragment Person on User {
  id
  email
  name
  roles
  createdAt
}
    `, {"fragmentName":"Person"}) as unknown as TypedDocumentString<PersonFragment, unknown>;
export const AccountFragmentDoc = new TypedDocumentString(`
    fragment Account on User {
  ...Person
  suspendedAt
  suspendedReason
}
    fragment Person on User {
  id
  email
  name
  roles
  createdAt
}`, {"fragmentName":"Account"}) as unknown as TypedDocumentString<AccountFragment, unknown>;
export const KeyFragmentDoc = new TypedDocumentString(`
    fragment Key on SigningKey {
  kid
  algorithm
  state
  publishedAt
  activatesAt
  activatedAt
  retiredAt
  goneAt
  revokedAt
  revokedReason
}
    `, {"fragmentName":"Key"}) as unknown as TypedDocumentString<KeyFragment, unknown>;
export const PageFragmentDoc = new TypedDocumentString(`
    fragment Page on PageInfo {
  hasNextPage
  endCursor
}
    `, {"fragmentName":"Page"}) as unknown as TypedDocumentString<PageFragment, unknown>;
export const ServiceFragmentDoc = new TypedDocumentString(`
    fragment Service on Verifier {
  id
  name
  createdAt
  withdrawnAt
}
    `, {"fragmentName":"Service"}) as unknown as TypedDocumentString<ServiceFragment, unknown>;
export const ActivityDocument = new TypedDocumentString(`
    query Activity($first: Int! = 20, $after: String) {
  viewer {
    id
    activity(first: $first, after: $after) {
      edges {
        node {
          id
          at
          kind
          sessionId
          ipAddress
          byAnother
          detail
        }
      }
      pageInfo {
        ...Page
      }
    }
  }
}
    fragment Page on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ActivityQuery, ActivityQueryVariables>;
export const AuditLogDocument = new TypedDocumentString(`
    query AuditLog($first: Int! = 20, $after: String, $kind: String, $userId: ID) {
  auditLog(first: $first, after: $after, kind: $kind, userId: $userId) {
    edges {
      node {
        id
        at
        kind
        userId
        actorId
        sessionId
        ipAddress
        detail
      }
    }
    pageInfo {
      ...Page
    }
  }
}
    fragment Page on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<AuditLogQuery, AuditLogQueryVariables>;
export const ChangePasswordDocument = new TypedDocumentString(`
    mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    __typename
    ... on ChangePasswordSuccess {
      viewer {
        ...Person
      }
      sessionsEnded
      accessTokensDeadBy
      tokens {
        ...Tokens
      }
    }
    ... on UserError {
      message
    }
    ... on WeakPassword {
      reasons
    }
    ... on Throttled {
      retryAfter
    }
  }
}
    fragment Tokens on TokenSet {
  accessToken
  accessTokenExpiresAt
  refreshToken
  refreshTokenExpiresAt
  serverTime
}
fragment Person on User {
  id
  email
  name
  roles
  createdAt
}`) as unknown as TypedDocumentString<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const CreateVerifierDocument = new TypedDocumentString(`
    mutation CreateVerifier($input: CreateVerifierInput!) {
  createVerifier(input: $input) {
    __typename
    ... on CreateVerifierSuccess {
      verifier {
        ...Service
      }
      credential
    }
    ... on InvalidInput {
      problems {
        field
        message
      }
    }
    ... on UserError {
      message
    }
  }
}
    fragment Service on Verifier {
  id
  name
  createdAt
  withdrawnAt
}`) as unknown as TypedDocumentString<CreateVerifierMutation, CreateVerifierMutationVariables>;
export const DeleteAccountDocument = new TypedDocumentString(`
    mutation DeleteAccount($input: DeleteAccountInput!) {
  deleteAccount(input: $input) {
    __typename
    ... on DeleteAccountSuccess {
      accessTokensDeadBy
    }
    ... on UserError {
      message
    }
    ... on Throttled {
      retryAfter
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteAccountMutation, DeleteAccountMutationVariables>;
export const EndUserSessionsDocument = new TypedDocumentString(`
    mutation EndUserSessions($input: UserIdInput!) {
  endUserSessions(input: $input) {
    __typename
    ... on EndUserSessionsSuccess {
      user {
        ...Account
      }
      sessionsEnded
      accessTokensDeadBy
    }
    ... on UserError {
      message
    }
  }
}
    fragment Person on User {
  id
  email
  name
  roles
  createdAt
}
fragment Account on User {
  ...Person
  suspendedAt
  suspendedReason
}`) as unknown as TypedDocumentString<EndUserSessionsMutation, EndUserSessionsMutationVariables>;
export const LoginDocument = new TypedDocumentString(`
    mutation Login($input: LoginInput!) {
  login(input: $input) {
    __typename
    ... on LoginSuccess {
      viewer {
        ...Person
      }
      session {
        ...Device
      }
      tokens {
        ...Tokens
      }
    }
    ... on UserError {
      message
    }
    ... on Throttled {
      retryAfter
    }
  }
}
    fragment Tokens on TokenSet {
  accessToken
  accessTokenExpiresAt
  refreshToken
  refreshTokenExpiresAt
  serverTime
}
fragment Device on Session {
  id
  deviceName
  clientLabel
  ipAddress
  createdAt
  lastSeenAt
  expiresAt
  current
}
fragment Person on User {
  id
  email
  name
  roles
  createdAt
}`) as unknown as TypedDocumentString<LoginMutation, LoginMutationVariables>;
export const LogoutAllDevicesDocument = new TypedDocumentString(`
    mutation LogoutAllDevices($input: LogoutAllDevicesInput) {
  logoutAllDevices(input: $input) {
    __typename
    ... on LogoutAllDevicesSuccess {
      sessionsEnded
      accessTokensDeadBy
      tokens {
        ...Tokens
      }
    }
    ... on UserError {
      message
    }
    ... on Throttled {
      retryAfter
    }
  }
}
    fragment Tokens on TokenSet {
  accessToken
  accessTokenExpiresAt
  refreshToken
  refreshTokenExpiresAt
  serverTime
}`) as unknown as TypedDocumentString<LogoutAllDevicesMutation, LogoutAllDevicesMutationVariables>;
export const LogoutDeviceDocument = new TypedDocumentString(`
    mutation LogoutDevice($input: LogoutDeviceInput!) {
  logoutDevice(input: $input) {
    __typename
    ... on LogoutDeviceSuccess {
      session {
        ...Device
      }
      accessTokensDeadBy
    }
    ... on UserError {
      message
    }
  }
}
    fragment Device on Session {
  id
  deviceName
  clientLabel
  ipAddress
  createdAt
  lastSeenAt
  expiresAt
  current
}`) as unknown as TypedDocumentString<LogoutDeviceMutation, LogoutDeviceMutationVariables>;
export const LogoutDocument = new TypedDocumentString(`
    mutation Logout {
  logout {
    accessTokensDeadBy
  }
}
    `) as unknown as TypedDocumentString<LogoutMutation, LogoutMutationVariables>;
export const NotifyUserDocument = new TypedDocumentString(`
    mutation NotifyUser($input: NotifyUserInput!) {
  notifyUser(input: $input) {
    __typename
    ... on NotifyUserSuccess {
      sentAt
    }
    ... on InvalidInput {
      problems {
        field
        message
      }
    }
    ... on Throttled {
      retryAfter
    }
    ... on UserError {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<NotifyUserMutation, NotifyUserMutationVariables>;
export const RefreshDocument = new TypedDocumentString(`
    mutation Refresh($input: RefreshInput!) {
  refresh(input: $input) {
    __typename
    ... on RefreshSuccess {
      session {
        ...Device
      }
      tokens {
        ...Tokens
      }
    }
    ... on UserError {
      message
    }
    ... on Throttled {
      retryAfter
    }
  }
}
    fragment Tokens on TokenSet {
  accessToken
  accessTokenExpiresAt
  refreshToken
  refreshTokenExpiresAt
  serverTime
}
fragment Device on Session {
  id
  deviceName
  clientLabel
  ipAddress
  createdAt
  lastSeenAt
  expiresAt
  current
}`) as unknown as TypedDocumentString<RefreshMutation, RefreshMutationVariables>;
export const RegisterDocument = new TypedDocumentString(`
    mutation Register($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ... on RegisterSuccess {
      viewer {
        ...Person
      }
      session {
        ...Device
      }
      tokens {
        ...Tokens
      }
    }
    ... on UserError {
      message
    }
    ... on WeakPassword {
      reasons
    }
    ... on InvalidInput {
      problems {
        field
        message
      }
    }
    ... on Throttled {
      retryAfter
    }
  }
}
    fragment Tokens on TokenSet {
  accessToken
  accessTokenExpiresAt
  refreshToken
  refreshTokenExpiresAt
  serverTime
}
fragment Device on Session {
  id
  deviceName
  clientLabel
  ipAddress
  createdAt
  lastSeenAt
  expiresAt
  current
}
fragment Person on User {
  id
  email
  name
  roles
  createdAt
}`) as unknown as TypedDocumentString<RegisterMutation, RegisterMutationVariables>;
export const RevokeSigningKeyDocument = new TypedDocumentString(`
    mutation RevokeSigningKey($input: RevokeSigningKeyInput!) {
  revokeSigningKey(input: $input) {
    __typename
    ... on RevokeSigningKeySuccess {
      revoked {
        ...Key
      }
      active {
        ...Key
      }
      accessTokensDeadBy
    }
    ... on UserError {
      message
    }
  }
}
    fragment Key on SigningKey {
  kid
  algorithm
  state
  publishedAt
  activatesAt
  activatedAt
  retiredAt
  goneAt
  revokedAt
  revokedReason
}`) as unknown as TypedDocumentString<RevokeSigningKeyMutation, RevokeSigningKeyMutationVariables>;
export const RotateSigningKeyDocument = new TypedDocumentString(`
    mutation RotateSigningKey($input: RotateSigningKeyInput) {
  rotateSigningKey(input: $input) {
    __typename
    ... on RotateSigningKeySuccess {
      active {
        ...Key
      }
      retired {
        ...Key
      }
      standby {
        ...Key
      }
      activatesAt
    }
    ... on UserError {
      message
    }
  }
}
    fragment Key on SigningKey {
  kid
  algorithm
  state
  publishedAt
  activatesAt
  activatedAt
  retiredAt
  goneAt
  revokedAt
  revokedReason
}`) as unknown as TypedDocumentString<RotateSigningKeyMutation, RotateSigningKeyMutationVariables>;
export const ServerFiguresDocument = new TypedDocumentString(`
    query ServerFigures {
  serverFigures {
    process
    at
    refreshVerdicts {
      verdict
      because
      count
    }
    revocations {
      remembered
      stalenessMs
      felt
      lag {
        p50Ms
        p99Ms
        maxMs
      }
    }
    argon2 {
      running
      waiting
      limit
      refused
    }
    push {
      connections
      subscriptions
      sent
      dropped
    }
  }
}
    `) as unknown as TypedDocumentString<ServerFiguresQuery, ServerFiguresQueryVariables>;
export const ServerInfoDocument = new TypedDocumentString(`
    query ServerInfo {
  serverInfo {
    issuer
    sessionModel
    serverTime
    accessTokenLifetime
    idleLifetime
    absoluteLifetime
    reuseGrace
    maxStaleness
    passwordRules {
      minLength
      maxLength
    }
  }
}
    `) as unknown as TypedDocumentString<ServerInfoQuery, ServerInfoQueryVariables>;
export const SessionEventsDocument = new TypedDocumentString(`
    subscription SessionEvents {
  sessionEvents {
    __typename
    at
    ... on SessionEndedEvent {
      sessionId
      reason
      current
    }
    ... on SessionsEndedEvent {
      reason
    }
    ... on DeviceSignedInEvent {
      sessionId
    }
    ... on TokenReuseEvent {
      sessionId
      current
    }
    ... on MessageEvent {
      text
    }
  }
}
    `) as unknown as TypedDocumentString<SessionEventsSubscription, SessionEventsSubscriptionVariables>;
export const SessionDocument = new TypedDocumentString(`
    query Session($id: ID) {
  session(id: $id) {
    ...Device
    generation
  }
}
    fragment Device on Session {
  id
  deviceName
  clientLabel
  ipAddress
  createdAt
  lastSeenAt
  expiresAt
  current
}`) as unknown as TypedDocumentString<SessionQuery, SessionQueryVariables>;
export const SigningKeyPolicyDocument = new TypedDocumentString(`
    query SigningKeyPolicy {
  signingKeyPolicy {
    publishLead
    rotationPeriod
    tokenLingers
  }
}
    `) as unknown as TypedDocumentString<SigningKeyPolicyQuery, SigningKeyPolicyQueryVariables>;
export const SigningKeysDocument = new TypedDocumentString(`
    query SigningKeys {
  signingKeys {
    ...Key
  }
}
    fragment Key on SigningKey {
  kid
  algorithm
  state
  publishedAt
  activatesAt
  activatedAt
  retiredAt
  goneAt
  revokedAt
  revokedReason
}`) as unknown as TypedDocumentString<SigningKeysQuery, SigningKeysQueryVariables>;
export const SuspendUserDocument = new TypedDocumentString(`
    mutation SuspendUser($input: SuspendUserInput!) {
  suspendUser(input: $input) {
    __typename
    ... on SuspendUserSuccess {
      user {
        ...Account
      }
      sessionsEnded
      accessTokensDeadBy
    }
    ... on UserError {
      message
    }
  }
}
    fragment Person on User {
  id
  email
  name
  roles
  createdAt
}
fragment Account on User {
  ...Person
  suspendedAt
  suspendedReason
}`) as unknown as TypedDocumentString<SuspendUserMutation, SuspendUserMutationVariables>;
export const ReinstateUserDocument = new TypedDocumentString(`
    mutation ReinstateUser($input: UserIdInput!) {
  reinstateUser(input: $input) {
    __typename
    ... on ReinstateUserSuccess {
      user {
        ...Account
      }
    }
    ... on UserError {
      message
    }
  }
}
    fragment Person on User {
  id
  email
  name
  roles
  createdAt
}
fragment Account on User {
  ...Person
  suspendedAt
  suspendedReason
}`) as unknown as TypedDocumentString<ReinstateUserMutation, ReinstateUserMutationVariables>;
export const UsersDocument = new TypedDocumentString(`
    query Users($first: Int! = 20, $after: String, $search: String) {
  users(first: $first, after: $after, search: $search) {
    edges {
      node {
        ...Account
      }
    }
    pageInfo {
      ...Page
    }
  }
}
    fragment Person on User {
  id
  email
  name
  roles
  createdAt
}
fragment Account on User {
  ...Person
  suspendedAt
  suspendedReason
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<UsersQuery, UsersQueryVariables>;
export const UserDocument = new TypedDocumentString(`
    query User($id: ID!, $first: Int! = 20, $after: String) {
  user(id: $id) {
    ...Account
    sessions(first: $first, after: $after) {
      edges {
        node {
          ...Device
        }
      }
      pageInfo {
        ...Page
      }
    }
  }
}
    fragment Device on Session {
  id
  deviceName
  clientLabel
  ipAddress
  createdAt
  lastSeenAt
  expiresAt
  current
}
fragment Person on User {
  id
  email
  name
  roles
  createdAt
}
fragment Account on User {
  ...Person
  suspendedAt
  suspendedReason
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<UserQuery, UserQueryVariables>;
export const VerifiersDocument = new TypedDocumentString(`
    query Verifiers {
  verifiers {
    ...Service
  }
}
    fragment Service on Verifier {
  id
  name
  createdAt
  withdrawnAt
}`) as unknown as TypedDocumentString<VerifiersQuery, VerifiersQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    ...Person
  }
}
    fragment Person on User {
  id
  email
  name
  roles
  createdAt
}`) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const ViewerDevicesDocument = new TypedDocumentString(`
    query ViewerDevices($first: Int! = 20, $after: String) {
  viewer {
    ...Person
    sessions(first: $first, after: $after) {
      edges {
        node {
          ...Device
        }
      }
      pageInfo {
        ...Page
      }
    }
  }
}
    fragment Device on Session {
  id
  deviceName
  clientLabel
  ipAddress
  createdAt
  lastSeenAt
  expiresAt
  current
}
fragment Person on User {
  id
  email
  name
  roles
  createdAt
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ViewerDevicesQuery, ViewerDevicesQueryVariables>;
export const WithdrawVerifierDocument = new TypedDocumentString(`
    mutation WithdrawVerifier($input: WithdrawVerifierInput!) {
  withdrawVerifier(input: $input) {
    __typename
    ... on WithdrawVerifierSuccess {
      verifier {
        ...Service
      }
    }
    ... on UserError {
      message
    }
  }
}
    fragment Service on Verifier {
  id
  name
  createdAt
  withdrawnAt
}`) as unknown as TypedDocumentString<WithdrawVerifierMutation, WithdrawVerifierMutationVariables>;