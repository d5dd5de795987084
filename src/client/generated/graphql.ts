/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
interface DocumentTypeDecoration<Result, Variables> {
  __apiType?: (variables: Variables) => Result;
}
/** Where the refresh token travels. */
export type Delivery =
  /** Only in the response body: for native apps and servers. */
  | 'BODY'
  /** Only in a __Host- cookie that no script can read: for browsers. */
  | 'COOKIE';

export type LoginInput = {
  /** Browsers should say COOKIE. */
  readonly delivery?: Delivery;
  /** How this device shall be called in lists; 64 characters. */
  readonly deviceName?: string | null | undefined;
  readonly email: string;
  readonly password: string;
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

/** What a user may do: USER, OPERATOR. */
export type Role =
  | 'OPERATOR'
  | 'USER';

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

export type LogoutMutationVariables = Exact<{ [key: string]: never; }>;


export type LogoutMutation = { readonly logout: { readonly accessTokensDeadBy: string } };

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
export const LogoutDocument = new TypedDocumentString(`
    mutation Logout {
  logout {
    accessTokensDeadBy
  }
}
    `) as unknown as TypedDocumentString<LogoutMutation, LogoutMutationVariables>;
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