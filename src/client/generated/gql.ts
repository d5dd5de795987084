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
    "fragment Tokens on TokenSet {\n  accessToken\n  accessTokenExpiresAt\n  refreshToken\n  refreshTokenExpiresAt\n  serverTime\n}\n\nfragment Device on Session {\n  id\n  deviceName\n  clientLabel\n  ipAddress\n  createdAt\n  lastSeenAt\n  expiresAt\n  current\n}\n\nfragment Person on User {\n  id\n  email\n  name\n  roles\n  createdAt\n}\n\nfragment Account on User {\n  ...Person\n  suspendedAt\n  suspendedReason\n}\n\nfragment Key on SigningKey {\n  kid\n  algorithm\n  state\n  publishedAt\n  activatesAt\n  activatedAt\n  retiredAt\n  goneAt\n  revokedAt\n  revokedReason\n}\n\nfragment Page on PageInfo {\n  hasNextPage\n  endCursor\n}\n\nfragment Service on Verifier {\n  id\n  name\n  createdAt\n  withdrawnAt\n}": typeof types.TokensFragmentDoc,
    "mutation Login($input: LoginInput!) {\n  login(input: $input) {\n    __typename\n    ... on LoginSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": typeof types.LoginDocument,
    "mutation Logout {\n  logout {\n    accessTokensDeadBy\n  }\n}": typeof types.LogoutDocument,
    "mutation Refresh($input: RefreshInput!) {\n  refresh(input: $input) {\n    __typename\n    ... on RefreshSuccess {\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": typeof types.RefreshDocument,
    "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    __typename\n    ... on RegisterSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on WeakPassword {\n      reasons\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": typeof types.RegisterDocument,
};
const documents: Documents = {
    "fragment Tokens on TokenSet {\n  accessToken\n  accessTokenExpiresAt\n  refreshToken\n  refreshTokenExpiresAt\n  serverTime\n}\n\nfragment Device on Session {\n  id\n  deviceName\n  clientLabel\n  ipAddress\n  createdAt\n  lastSeenAt\n  expiresAt\n  current\n}\n\nfragment Person on User {\n  id\n  email\n  name\n  roles\n  createdAt\n}\n\nfragment Account on User {\n  ...Person\n  suspendedAt\n  suspendedReason\n}\n\nfragment Key on SigningKey {\n  kid\n  algorithm\n  state\n  publishedAt\n  activatesAt\n  activatedAt\n  retiredAt\n  goneAt\n  revokedAt\n  revokedReason\n}\n\nfragment Page on PageInfo {\n  hasNextPage\n  endCursor\n}\n\nfragment Service on Verifier {\n  id\n  name\n  createdAt\n  withdrawnAt\n}": types.TokensFragmentDoc,
    "mutation Login($input: LoginInput!) {\n  login(input: $input) {\n    __typename\n    ... on LoginSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": types.LoginDocument,
    "mutation Logout {\n  logout {\n    accessTokensDeadBy\n  }\n}": types.LogoutDocument,
    "mutation Refresh($input: RefreshInput!) {\n  refresh(input: $input) {\n    __typename\n    ... on RefreshSuccess {\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": types.RefreshDocument,
    "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    __typename\n    ... on RegisterSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on WeakPassword {\n      reasons\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}": types.RegisterDocument,
};

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
export function graphql(source: "mutation Logout {\n  logout {\n    accessTokensDeadBy\n  }\n}"): typeof import('./graphql.js').LogoutDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Refresh($input: RefreshInput!) {\n  refresh(input: $input) {\n    __typename\n    ... on RefreshSuccess {\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}"): typeof import('./graphql.js').RefreshDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    __typename\n    ... on RegisterSuccess {\n      viewer {\n        ...Person\n      }\n      session {\n        ...Device\n      }\n      tokens {\n        ...Tokens\n      }\n    }\n    ... on UserError {\n      message\n    }\n    ... on WeakPassword {\n      reasons\n    }\n    ... on InvalidInput {\n      problems {\n        field\n        message\n      }\n    }\n    ... on Throttled {\n      retryAfter\n    }\n  }\n}"): typeof import('./graphql.js').RegisterDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
