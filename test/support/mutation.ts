/**
 * The document of each mutation, with everything selected that its payloads have, and what a payload may have. It knows
 * nothing of the server, so that tests of the built one do not load its source.
 */

export interface Tokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string | null;
  readonly refreshTokenExpiresAt: string | null;
  readonly tokenType: string;
  readonly serverTime: string;
}

export interface SessionView {
  readonly id: string;
  readonly deviceName: string | null;
  readonly ipAddress: string | null;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly generation: number;
  readonly expiresAt: string;
  readonly current: boolean;
}

export interface KeyView {
  readonly kid: string;
  readonly algorithm: string;
  readonly state: string;
  readonly activatesAt: string | null;
  readonly revokedReason: string | null;
}

/** Any payload of any mutation; what a type has not is missing. */
export interface Payload {
  readonly __typename: string;
  readonly message?: string;
  readonly retryAfter?: number;
  readonly reasons?: readonly string[];
  readonly problems?: readonly { readonly field: string; readonly message: string }[];
  readonly viewer?: { readonly id: string; readonly email: string; readonly name: string };
  readonly user?: { readonly id: string; readonly suspendedAt: string | null };
  readonly session?: SessionView;
  readonly tokens?: Tokens | null;
  readonly accessTokensDeadBy?: string;
  readonly sessionsEnded?: number;
  readonly active?: KeyView;
  readonly retired?: KeyView | null;
  readonly standby?: KeyView;
  readonly revoked?: KeyView;
  readonly activatesAt?: string;
}

const SESSION = 'id deviceName ipAddress createdAt lastSeenAt generation expiresAt current';
const TOKENS = 'accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt tokenType serverTime';
const KEY = 'kid algorithm state activatesAt revokedReason';
const THROTTLED = '... on Throttled { retryAfter }';
const SIGNED_IN = `viewer { id email name } session { ${SESSION} } tokens { ${TOKENS} }`;

const SELECTIONS = {
  register: `... on RegisterSuccess { ${SIGNED_IN} } ... on WeakPassword { reasons } ... on InvalidInput { problems { field message } } ${THROTTLED}`,
  login: `... on LoginSuccess { ${SIGNED_IN} } ${THROTTLED}`,
  refresh: `... on RefreshSuccess { session { ${SESSION} } tokens { ${TOKENS} } } ${THROTTLED}`,
  logoutDevice: `... on LogoutDeviceSuccess { session { ${SESSION} } accessTokensDeadBy }`,
  logoutAllDevices: `... on LogoutAllDevicesSuccess { accessTokensDeadBy sessionsEnded tokens { ${TOKENS} } }`,
  changePassword: `... on ChangePasswordSuccess { viewer { id email name } accessTokensDeadBy sessionsEnded tokens { ${TOKENS} } } ... on WeakPassword { reasons } ${THROTTLED}`,
  deleteAccount: `... on DeleteAccountSuccess { accessTokensDeadBy } ${THROTTLED}`,
  rotateSigningKey: `... on RotateSigningKeySuccess { active { ${KEY} } retired { ${KEY} } standby { ${KEY} } activatesAt }`,
  revokeSigningKey: `... on RevokeSigningKeySuccess { revoked { ${KEY} } active { ${KEY} } accessTokensDeadBy }`,
  suspendUser: '... on SuspendUserSuccess { user { id suspendedAt } sessionsEnded accessTokensDeadBy }',
  reinstateUser: '... on ReinstateUserSuccess { user { id suspendedAt } }',
  endUserSessions:
    '... on EndUserSessionsSuccess { user { id suspendedAt } sessionsEnded accessTokensDeadBy }',
} as const;

export type MutationName = keyof typeof SELECTIONS;

/** The document of a mutation, with everything selected that its payloads have. */
export function mutation(name: MutationName): string {
  const input = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const type = { reinstateUser: 'UserIdInput', endUserSessions: 'UserIdInput' }[name as string] ?? input;
  return `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ${SELECTIONS[name]} ... on UserError { message } } }`;
}
