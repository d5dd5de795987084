/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Activity($first: Int! = 20, $after: String) {\n  viewer {\n    id\n    activity(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          at\n          kind\n          sessionId\n          ipAddress\n          byAnother\n          detail\n        }\n      }\n      pageInfo {\n        ...Page\n      }\n    }\n  }\n}": typeof types.ActivityDocument,
    "query AuditLog($first: Int! = 20, $after: String, $kind: String, $userId: ID) {\n  auditLog(first: $first, after: $after, kind: $kind, userId: $userId) {\n    edges {\n      node {\n        id\n        at\n        kind\n        userId\n        actorId\n        sessionId\n        ipAddress\n        detail\n      }\n    }\n    pageInfo {\n      ...Page\n    }\n  }\n}": typeof types.AuditLogDocument,
    "mutation ChangePassword($input: ChangePasswordInput!) {\n  changePassword(input: $input) {\n    __typename\n    ... on ChangePasswordSuccess {\n      viewer {\n        ...Person\n      }\n      sessionsEnded\n      accessTokensDeadBy\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on WeakPassword {\n      reasons\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": typeof types.ChangePasswordDocument,
    "mutation CreateVerifier($input: CreateVerifierInput!) {\n  createVerifier(input: $input) {\n    __typename\n    ... on CreateVerifierSuccess {\n      verifier {\n        ...Service\n      }\n      credential\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.CreateVerifierDocument,
    "mutation DeleteAccount($input: DeleteAccountInput!) {\n  deleteAccount(input: $input) {\n    __typename\n    ... on DeleteAccountSuccess {\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": typeof types.DeleteAccountDocument,
    "mutation EndUserSessions($input: UserIdInput!) {\n  endUserSessions(input: $input) {\n    __typename\n    ... on EndUserSessionsSuccess {\n      user {\n        ...Account\n      }\n      sessionsEnded\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.EndUserSessionsDocument,
    "fragment Tokens on TokenSet {\n  accessToken\n  accessTokenExpiresAt\n  refreshToken\n  refreshTokenExpiresAt\n  serverTime\n}\n\nfragment Device on Session {\n  id\n  deviceName\n  clientLabel\n  ipAddress\n  createdAt\n  lastSeenAt\n  expiresAt\n  current\n}\n\nfragment Person on User {\n  id\n  email\n  name\n  roles\n  createdAt\n}\n\nfragment Account on User {\n  ...Person\n  suspendedAt\n  suspendedReason\n}\n\nfragment Key on SigningKey {\n  kid\n  algorithm\n  state\n  publishedAt\n  activatesAt\n  activatedAt\n  retiredAt\n  goneAt\n  revokedAt\n  revokedReason\n}\n\nfragment Page on PageInfo {\n  hasNextPage\n  endCursor\n}\n\nfragment Service on Verifier {\n  id\n  name\n  createdAt\n  withdrawnAt\n}": typeof types.TokensFragmentDoc,
    "mutation Login($input: LoginInput!) {\n  login(input: $input) {\n    __typename\n    ... on LoginSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": typeof types.LoginDocument,
    "mutation LogoutAllDevices($input: LogoutAllDevicesInput) {\n  logoutAllDevices(input: $input) {\n    __typename\n    ... on LogoutAllDevicesSuccess {\n      sessionsEnded\n      accessTokensDeadBy\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": typeof types.LogoutAllDevicesDocument,
    "mutation LogoutDevice($input: LogoutDeviceInput!) {\n  logoutDevice(input: $input) {\n    __typename\n    ... on LogoutDeviceSuccess {\n      session {\n        ...Device\n      }\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.LogoutDeviceDocument,
    "mutation Logout {\n  logout {\n    accessTokensDeadBy\n  }\n}": typeof types.LogoutDocument,
    "mutation NotifyUser($input: NotifyUserInput!) {\n  notifyUser(input: $input) {\n    __typename\n    ... on NotifyUserSuccess {\n      sentAt\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on Throttled {\n      retryAfter\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.NotifyUserDocument,
    "mutation Refresh($input: RefreshInput!) {\n  refresh(input: $input) {\n    __typename\n    ... on RefreshSuccess {\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": typeof types.RefreshDocument,
    "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    __typename\n    ... on RegisterSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on WeakPassword {\n      reasons\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": typeof types.RegisterDocument,
    "mutation RevokeSigningKey($input: RevokeSigningKeyInput!) {\n  revokeSigningKey(input: $input) {\n    __typename\n    ... on RevokeSigningKeySuccess {\n      revoked {\n        ...Key\n      }\n      active {\n        ...Key\n      }\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.RevokeSigningKeyDocument,
    "mutation RotateSigningKey($input: RotateSigningKeyInput) {\n  rotateSigningKey(input: $input) {\n    __typename\n    ... on RotateSigningKeySuccess {\n      active {\n        ...Key\n      }\n      retired {\n        ...Key\n      }\n      standby {\n        ...Key\n      }\n      activatesAt\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.RotateSigningKeyDocument,
    "query ServerFigures {\n  serverFigures {\n    process\n    at\n    refreshVerdicts {\n      verdict\n      because\n      count\n    }\n    revocations {\n      remembered\n      stalenessMs\n      felt\n      lag {\n        p50Ms\n        p99Ms\n        maxMs\n      }\n    }\n    argon2 {\n      running\n      waiting\n      limit\n      refused\n    }\n    push {\n      connections\n      subscriptions\n      sent\n      dropped\n    }\n  }\n}": typeof types.ServerFiguresDocument,
    "query ServerInfo {\n  serverInfo {\n    issuer\n    sessionModel\n    serverTime\n    accessTokenLifetime\n    idleLifetime\n    absoluteLifetime\n    reuseGrace\n    maxStaleness\n    passwordRules {\n      minLength\n      maxLength\n    }\n  }\n}": typeof types.ServerInfoDocument,
    "subscription SessionEvents {\n  sessionEvents {\n    __typename\n    at\n    ... on SessionEndedEvent {\n      sessionId\n      reason\n      current\n    }\n    ... on SessionsEndedEvent {\n      reason\n    }\n    ... on DeviceSignedInEvent {\n      sessionId\n    }\n    ... on TokenReuseEvent {\n      sessionId\n      current\n    }\n    ... on MessageEvent {\n      text\n    }\n  }\n}": typeof types.SessionEventsDocument,
    "query Session($id: ID) {\n  session(id: $id) {\n    ...Device\n    generation\n  }\n}": typeof types.SessionDocument,
    "query SigningKeyPolicy {\n  signingKeyPolicy {\n    publishLead\n    rotationPeriod\n    tokenLingers\n  }\n}": typeof types.SigningKeyPolicyDocument,
    "query SigningKeys {\n  signingKeys {\n    ...Key\n  }\n}": typeof types.SigningKeysDocument,
    "mutation SuspendUser($input: SuspendUserInput!) {\n  suspendUser(input: $input) {\n    __typename\n    ... on SuspendUserSuccess {\n      user {\n        ...Account\n      }\n      sessionsEnded\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation ReinstateUser($input: UserIdInput!) {\n  reinstateUser(input: $input) {\n    __typename\n    ... on ReinstateUserSuccess {\n      user {\n        ...Account\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.SuspendUserDocument,
    "query Users($first: Int! = 20, $after: String, $search: String) {\n  users(first: $first, after: $after, search: $search) {\n    edges {\n      node {\n        ...Account\n      }\n    }\n    pageInfo {\n      ...Page\n    }\n  }\n}\n\nquery User($id: ID!, $first: Int! = 20, $after: String) {\n  user(id: $id) {\n    ...Account\n    sessions(first: $first, after: $after) {\n      edges {\n        node {\n          ...Device\n        }\n      }\n      pageInfo {\n        ...Page\n      }\n    }\n  }\n}": typeof types.UsersDocument,
    "query Verifiers {\n  verifiers {\n    ...Service\n  }\n}": typeof types.VerifiersDocument,
    "query Viewer {\n  viewer {\n    ...Person\n  }\n}\n\nquery ViewerDevices($first: Int! = 20, $after: String) {\n  viewer {\n    ...Person\n    sessions(first: $first, after: $after) {\n      edges {\n        node {\n          ...Device\n        }\n      }\n      pageInfo {\n        ...Page\n      }\n    }\n  }\n}": typeof types.ViewerDocument,
    "mutation WithdrawVerifier($input: WithdrawVerifierInput!) {\n  withdrawVerifier(input: $input) {\n    __typename\n    ... on WithdrawVerifierSuccess {\n      verifier {\n        ...Service\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.WithdrawVerifierDocument,
};
const documents: Documents = {
    "query Activity($first: Int! = 20, $after: String) {\n  viewer {\n    id\n    activity(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          at\n          kind\n          sessionId\n          ipAddress\n          byAnother\n          detail\n        }\n      }\n      pageInfo {\n        ...Page\n      }\n    }\n  }\n}": types.ActivityDocument,
    "query AuditLog($first: Int! = 20, $after: String, $kind: String, $userId: ID) {\n  auditLog(first: $first, after: $after, kind: $kind, userId: $userId) {\n    edges {\n      node {\n        id\n        at\n        kind\n        userId\n        actorId\n        sessionId\n        ipAddress\n        detail\n      }\n    }\n    pageInfo {\n      ...Page\n    }\n  }\n}": types.AuditLogDocument,
    "mutation ChangePassword($input: ChangePasswordInput!) {\n  changePassword(input: $input) {\n    __typename\n    ... on ChangePasswordSuccess {\n      viewer {\n        ...Person\n      }\n      sessionsEnded\n      accessTokensDeadBy\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on WeakPassword {\n      reasons\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": types.ChangePasswordDocument,
    "mutation CreateVerifier($input: CreateVerifierInput!) {\n  createVerifier(input: $input) {\n    __typename\n    ... on CreateVerifierSuccess {\n      verifier {\n        ...Service\n      }\n      credential\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": types.CreateVerifierDocument,
    "mutation DeleteAccount($input: DeleteAccountInput!) {\n  deleteAccount(input: $input) {\n    __typename\n    ... on DeleteAccountSuccess {\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": types.DeleteAccountDocument,
    "mutation EndUserSessions($input: UserIdInput!) {\n  endUserSessions(input: $input) {\n    __typename\n    ... on EndUserSessionsSuccess {\n      user {\n        ...Account\n      }\n      sessionsEnded\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": types.EndUserSessionsDocument,
    "fragment Tokens on TokenSet {\n  accessToken\n  accessTokenExpiresAt\n  refreshToken\n  refreshTokenExpiresAt\n  serverTime\n}\n\nfragment Device on Session {\n  id\n  deviceName\n  clientLabel\n  ipAddress\n  createdAt\n  lastSeenAt\n  expiresAt\n  current\n}\n\nfragment Person on User {\n  id\n  email\n  name\n  roles\n  createdAt\n}\n\nfragment Account on User {\n  ...Person\n  suspendedAt\n  suspendedReason\n}\n\nfragment Key on SigningKey {\n  kid\n  algorithm\n  state\n  publishedAt\n  activatesAt\n  activatedAt\n  retiredAt\n  goneAt\n  revokedAt\n  revokedReason\n}\n\nfragment Page on PageInfo {\n  hasNextPage\n  endCursor\n}\n\nfragment Service on Verifier {\n  id\n  name\n  createdAt\n  withdrawnAt\n}": types.TokensFragmentDoc,
    "mutation Login($input: LoginInput!) {\n  login(input: $input) {\n    __typename\n    ... on LoginSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": types.LoginDocument,
    "mutation LogoutAllDevices($input: LogoutAllDevicesInput) {\n  logoutAllDevices(input: $input) {\n    __typename\n    ... on LogoutAllDevicesSuccess {\n      sessionsEnded\n      accessTokensDeadBy\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": types.LogoutAllDevicesDocument,
    "mutation LogoutDevice($input: LogoutDeviceInput!) {\n  logoutDevice(input: $input) {\n    __typename\n    ... on LogoutDeviceSuccess {\n      session {\n        ...Device\n      }\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": types.LogoutDeviceDocument,
    "mutation Logout {\n  logout {\n    accessTokensDeadBy\n  }\n}": types.LogoutDocument,
    "mutation NotifyUser($input: NotifyUserInput!) {\n  notifyUser(input: $input) {\n    __typename\n    ... on NotifyUserSuccess {\n      sentAt\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on Throttled {\n      retryAfter\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": types.NotifyUserDocument,
    "mutation Refresh($input: RefreshInput!) {\n  refresh(input: $input) {\n    __typename\n    ... on RefreshSuccess {\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": types.RefreshDocument,
    "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    __typename\n    ... on RegisterSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on WeakPassword {\n      reasons\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": types.RegisterDocument,
    "mutation RevokeSigningKey($input: RevokeSigningKeyInput!) {\n  revokeSigningKey(input: $input) {\n    __typename\n    ... on RevokeSigningKeySuccess {\n      revoked {\n        ...Key\n      }\n      active {\n        ...Key\n      }\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": types.RevokeSigningKeyDocument,
    "mutation RotateSigningKey($input: RotateSigningKeyInput) {\n  rotateSigningKey(input: $input) {\n    __typename\n    ... on RotateSigningKeySuccess {\n      active {\n        ...Key\n      }\n      retired {\n        ...Key\n      }\n      standby {\n        ...Key\n      }\n      activatesAt\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": types.RotateSigningKeyDocument,
    "query ServerFigures {\n  serverFigures {\n    process\n    at\n    refreshVerdicts {\n      verdict\n      because\n      count\n    }\n    revocations {\n      remembered\n      stalenessMs\n      felt\n      lag {\n        p50Ms\n        p99Ms\n        maxMs\n      }\n    }\n    argon2 {\n      running\n      waiting\n      limit\n      refused\n    }\n    push {\n      connections\n      subscriptions\n      sent\n      dropped\n    }\n  }\n}": types.ServerFiguresDocument,
    "query ServerInfo {\n  serverInfo {\n    issuer\n    sessionModel\n    serverTime\n    accessTokenLifetime\n    idleLifetime\n    absoluteLifetime\n    reuseGrace\n    maxStaleness\n    passwordRules {\n      minLength\n      maxLength\n    }\n  }\n}": types.ServerInfoDocument,
    "subscription SessionEvents {\n  sessionEvents {\n    __typename\n    at\n    ... on SessionEndedEvent {\n      sessionId\n      reason\n      current\n    }\n    ... on SessionsEndedEvent {\n      reason\n    }\n    ... on DeviceSignedInEvent {\n      sessionId\n    }\n    ... on TokenReuseEvent {\n      sessionId\n      current\n    }\n    ... on MessageEvent {\n      text\n    }\n  }\n}": types.SessionEventsDocument,
    "query Session($id: ID) {\n  session(id: $id) {\n    ...Device\n    generation\n  }\n}": types.SessionDocument,
    "query SigningKeyPolicy {\n  signingKeyPolicy {\n    publishLead\n    rotationPeriod\n    tokenLingers\n  }\n}": types.SigningKeyPolicyDocument,
    "query SigningKeys {\n  signingKeys {\n    ...Key\n  }\n}": types.SigningKeysDocument,
    "mutation SuspendUser($input: SuspendUserInput!) {\n  suspendUser(input: $input) {\n    __typename\n    ... on SuspendUserSuccess {\n      user {\n        ...Account\n      }\n      sessionsEnded\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation ReinstateUser($input: UserIdInput!) {\n  reinstateUser(input: $input) {\n    __typename\n    ... on ReinstateUserSuccess {\n      user {\n        ...Account\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": types.SuspendUserDocument,
    "query Users($first: Int! = 20, $after: String, $search: String) {\n  users(first: $first, after: $after, search: $search) {\n    edges {\n      node {\n        ...Account\n      }\n    }\n    pageInfo {\n      ...Page\n    }\n  }\n}\n\nquery User($id: ID!, $first: Int! = 20, $after: String) {\n  user(id: $id) {\n    ...Account\n    sessions(first: $first, after: $after) {\n      edges {\n        node {\n          ...Device\n        }\n      }\n      pageInfo {\n        ...Page\n      }\n    }\n  }\n}": types.UsersDocument,
    "query Verifiers {\n  verifiers {\n    ...Service\n  }\n}": types.VerifiersDocument,
    "query Viewer {\n  viewer {\n    ...Person\n  }\n}\n\nquery ViewerDevices($first: Int! = 20, $after: String) {\n  viewer {\n    ...Person\n    sessions(first: $first, after: $after) {\n      edges {\n        node {\n          ...Device\n        }\n      }\n      pageInfo {\n        ...Page\n      }\n    }\n  }\n}": types.ViewerDocument,
    "mutation WithdrawVerifier($input: WithdrawVerifierInput!) {\n  withdrawVerifier(input: $input) {\n    __typename\n    ... on WithdrawVerifierSuccess {\n      verifier {\n        ...Service\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}": types.WithdrawVerifierDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Activity($first: Int! = 20, $after: String) {\n  viewer {\n    id\n    activity(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          at\n          kind\n          sessionId\n          ipAddress\n          byAnother\n          detail\n        }\n      }\n      pageInfo {\n        ...Page\n      }\n    }\n  }\n}"): typeof import('./graphql.js').ActivityDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query AuditLog($first: Int! = 20, $after: String, $kind: String, $userId: ID) {\n  auditLog(first: $first, after: $after, kind: $kind, userId: $userId) {\n    edges {\n      node {\n        id\n        at\n        kind\n        userId\n        actorId\n        sessionId\n        ipAddress\n        detail\n      }\n    }\n    pageInfo {\n      ...Page\n    }\n  }\n}"): typeof import('./graphql.js').AuditLogDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ChangePassword($input: ChangePasswordInput!) {\n  changePassword(input: $input) {\n    __typename\n    ... on ChangePasswordSuccess {\n      viewer {\n        ...Person\n      }\n      sessionsEnded\n      accessTokensDeadBy\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on WeakPassword {\n      reasons\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}"): typeof import('./graphql.js').ChangePasswordDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateVerifier($input: CreateVerifierInput!) {\n  createVerifier(input: $input) {\n    __typename\n    ... on CreateVerifierSuccess {\n      verifier {\n        ...Service\n      }\n      credential\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.js').CreateVerifierDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeleteAccount($input: DeleteAccountInput!) {\n  deleteAccount(input: $input) {\n    __typename\n    ... on DeleteAccountSuccess {\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}"): typeof import('./graphql.js').DeleteAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation EndUserSessions($input: UserIdInput!) {\n  endUserSessions(input: $input) {\n    __typename\n    ... on EndUserSessionsSuccess {\n      user {\n        ...Account\n      }\n      sessionsEnded\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.js').EndUserSessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment Tokens on TokenSet {\n  accessToken\n  accessTokenExpiresAt\n  refreshToken\n  refreshTokenExpiresAt\n  serverTime\n}\n\nfragment Device on Session {\n  id\n  deviceName\n  clientLabel\n  ipAddress\n  createdAt\n  lastSeenAt\n  expiresAt\n  current\n}\n\nfragment Person on User {\n  id\n  email\n  name\n  roles\n  createdAt\n}\n\nfragment Account on User {\n  ...Person\n  suspendedAt\n  suspendedReason\n}\n\nfragment Key on SigningKey {\n  kid\n  algorithm\n  state\n  publishedAt\n  activatesAt\n  activatedAt\n  retiredAt\n  goneAt\n  revokedAt\n  revokedReason\n}\n\nfragment Page on PageInfo {\n  hasNextPage\n  endCursor\n}\n\nfragment Service on Verifier {\n  id\n  name\n  createdAt\n  withdrawnAt\n}"): typeof import('./graphql.js').TokensFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Login($input: LoginInput!) {\n  login(input: $input) {\n    __typename\n    ... on LoginSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}"): typeof import('./graphql.js').LoginDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation LogoutAllDevices($input: LogoutAllDevicesInput) {\n  logoutAllDevices(input: $input) {\n    __typename\n    ... on LogoutAllDevicesSuccess {\n      sessionsEnded\n      accessTokensDeadBy\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}"): typeof import('./graphql.js').LogoutAllDevicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation LogoutDevice($input: LogoutDeviceInput!) {\n  logoutDevice(input: $input) {\n    __typename\n    ... on LogoutDeviceSuccess {\n      session {\n        ...Device\n      }\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.js').LogoutDeviceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Logout {\n  logout {\n    accessTokensDeadBy\n  }\n}"): typeof import('./graphql.js').LogoutDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation NotifyUser($input: NotifyUserInput!) {\n  notifyUser(input: $input) {\n    __typename\n    ... on NotifyUserSuccess {\n      sentAt\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on Throttled {\n      retryAfter\n    }\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.js').NotifyUserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Refresh($input: RefreshInput!) {\n  refresh(input: $input) {\n    __typename\n    ... on RefreshSuccess {\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}"): typeof import('./graphql.js').RefreshDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    __typename\n    ... on RegisterSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on WeakPassword {\n      reasons\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}"): typeof import('./graphql.js').RegisterDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RevokeSigningKey($input: RevokeSigningKeyInput!) {\n  revokeSigningKey(input: $input) {\n    __typename\n    ... on RevokeSigningKeySuccess {\n      revoked {\n        ...Key\n      }\n      active {\n        ...Key\n      }\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.js').RevokeSigningKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RotateSigningKey($input: RotateSigningKeyInput) {\n  rotateSigningKey(input: $input) {\n    __typename\n    ... on RotateSigningKeySuccess {\n      active {\n        ...Key\n      }\n      retired {\n        ...Key\n      }\n      standby {\n        ...Key\n      }\n      activatesAt\n    }\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.js').RotateSigningKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ServerFigures {\n  serverFigures {\n    process\n    at\n    refreshVerdicts {\n      verdict\n      because\n      count\n    }\n    revocations {\n      remembered\n      stalenessMs\n      felt\n      lag {\n        p50Ms\n        p99Ms\n        maxMs\n      }\n    }\n    argon2 {\n      running\n      waiting\n      limit\n      refused\n    }\n    push {\n      connections\n      subscriptions\n      sent\n      dropped\n    }\n  }\n}"): typeof import('./graphql.js').ServerFiguresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ServerInfo {\n  serverInfo {\n    issuer\n    sessionModel\n    serverTime\n    accessTokenLifetime\n    idleLifetime\n    absoluteLifetime\n    reuseGrace\n    maxStaleness\n    passwordRules {\n      minLength\n      maxLength\n    }\n  }\n}"): typeof import('./graphql.js').ServerInfoDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription SessionEvents {\n  sessionEvents {\n    __typename\n    at\n    ... on SessionEndedEvent {\n      sessionId\n      reason\n      current\n    }\n    ... on SessionsEndedEvent {\n      reason\n    }\n    ... on DeviceSignedInEvent {\n      sessionId\n    }\n    ... on TokenReuseEvent {\n      sessionId\n      current\n    }\n    ... on MessageEvent {\n      text\n    }\n  }\n}"): typeof import('./graphql.js').SessionEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Session($id: ID) {\n  session(id: $id) {\n    ...Device\n    generation\n  }\n}"): typeof import('./graphql.js').SessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query SigningKeyPolicy {\n  signingKeyPolicy {\n    publishLead\n    rotationPeriod\n    tokenLingers\n  }\n}"): typeof import('./graphql.js').SigningKeyPolicyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query SigningKeys {\n  signingKeys {\n    ...Key\n  }\n}"): typeof import('./graphql.js').SigningKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SuspendUser($input: SuspendUserInput!) {\n  suspendUser(input: $input) {\n    __typename\n    ... on SuspendUserSuccess {\n      user {\n        ...Account\n      }\n      sessionsEnded\n      accessTokensDeadBy\n    }\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation ReinstateUser($input: UserIdInput!) {\n  reinstateUser(input: $input) {\n    __typename\n    ... on ReinstateUserSuccess {\n      user {\n        ...Account\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.js').SuspendUserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Users($first: Int! = 20, $after: String, $search: String) {\n  users(first: $first, after: $after, search: $search) {\n    edges {\n      node {\n        ...Account\n      }\n    }\n    pageInfo {\n      ...Page\n    }\n  }\n}\n\nquery User($id: ID!, $first: Int! = 20, $after: String) {\n  user(id: $id) {\n    ...Account\n    sessions(first: $first, after: $after) {\n      edges {\n        node {\n          ...Device\n        }\n      }\n      pageInfo {\n        ...Page\n      }\n    }\n  }\n}"): typeof import('./graphql.js').UsersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Verifiers {\n  verifiers {\n    ...Service\n  }\n}"): typeof import('./graphql.js').VerifiersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Viewer {\n  viewer {\n    ...Person\n  }\n}\n\nquery ViewerDevices($first: Int! = 20, $after: String) {\n  viewer {\n    ...Person\n    sessions(first: $first, after: $after) {\n      edges {\n        node {\n          ...Device\n        }\n      }\n      pageInfo {\n        ...Page\n      }\n    }\n  }\n}"): typeof import('./graphql.js').ViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation WithdrawVerifier($input: WithdrawVerifierInput!) {\n  withdrawVerifier(input: $input) {\n    __typename\n    ... on WithdrawVerifierSuccess {\n      verifier {\n        ...Service\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.js').WithdrawVerifierDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
