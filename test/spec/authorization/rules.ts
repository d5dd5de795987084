/**
 * Who may do and read what: one rule for every field of every object type of the schema, as data. The matrix test holds
 * the server to each rule for every kind of caller, a field without a rule fails it, and `docs/authorization.md` is
 * written from here.
 */

/** Who calls. `self` owns what the arguments name; `other` and `operator` name the same things without owning them. */
export const CALLERS = ['anonymous', 'self', 'other', 'operator', 'expired', 'revoked'] as const;
export type Caller = (typeof CALLERS)[number];

export type Outcome = 'value' | 'not found' | 'UNAUTHENTICATED' | 'FORBIDDEN';

export type Who = 'anyone' | 'signed in' | 'owner' | 'operator' | 'receiver';

export interface Rule {
  readonly who: Who;
  /** What it means for this field; for a field that says it all by its name and type, nothing. */
  readonly note?: string;
}

type Row = Readonly<Record<Caller, Outcome>>;

const ANYBODY: Row = {
  anonymous: 'value',
  self: 'value',
  other: 'value',
  operator: 'value',
  expired: 'value',
  revoked: 'value',
};
const SIGNED_IN: Row = {
  ...ANYBODY,
  anonymous: 'UNAUTHENTICATED',
  expired: 'UNAUTHENTICATED',
  revoked: 'UNAUTHENTICATED',
};

/** What each kind of caller gets. */
export const OUTCOMES: Readonly<Record<Who, { readonly meaning: string; readonly row: Row }>> = {
  anyone: { meaning: 'Everybody, with a good access token, a bad one or none.', row: ANYBODY },
  'signed in': {
    meaning: 'Whoever sends a good access token, about themselves and nobody else.',
    row: SIGNED_IN,
  },
  owner: {
    meaning: 'Whoever owns what the argument names. To others, operators too, it is as if it did not exist.',
    row: { ...SIGNED_IN, other: 'not found', operator: 'not found' },
  },
  operator: {
    meaning: 'Whoever sends a good access token with the role OPERATOR.',
    row: { ...SIGNED_IN, self: 'FORBIDDEN', other: 'FORBIDDEN' },
  },
  receiver: {
    meaning: 'Whoever was given the object that the field belongs to.',
    row: ANYBODY,
  },
};

const receiver: Rule = { who: 'receiver' };
const operator = (note: string): Rule => ({ who: 'operator', note });
const message = { message: receiver };
const edge = { cursor: receiver, node: receiver };
const connection = { edges: receiver, pageInfo: receiver };
const signedIn = { viewer: receiver, session: receiver, tokens: receiver };
const userEnded = { user: receiver, sessionsEnded: receiver, accessTokensDeadBy: receiver };

export const RULES: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  Query: {
    viewer: { who: 'signed in', note: 'Their own account.' },
    session: { who: 'owner', note: 'A live session of theirs.' },
    serverInfo: { who: 'anyone', note: 'Facts of the deployment that every client needs.' },
    user: operator('Any user.'),
    users: operator('All users.'),
    signingKeys: operator('The key ring without its private halves.'),
    signingKeyPolicy: operator('By which times keys are rotated and retired.'),
    auditLog: operator('What happened to accounts, sessions, keys and verifiers.'),
    serverFigures: operator('What a process has counted. Names nobody.'),
    verifiers: operator('Services that check tokens; never their credentials.'),
  },
  Mutation: {
    register: { who: 'anyone', note: 'Limited per address of the network.' },
    login: { who: 'anyone', note: 'Limited per account, per address and per session; needs the password.' },
    refresh: {
      who: 'anyone',
      note: 'Needs a refresh token, in the input or as a cookie. Limited per session.',
    },
    logout: { who: 'signed in', note: 'Their own session. The refresh cookie alone is enough, too.' },
    logoutDevice: { who: 'owner', note: 'A live session of theirs.' },
    logoutAllDevices: { who: 'signed in', note: 'Their own sessions.' },
    changePassword: { who: 'signed in', note: 'Their own; needs the present password.' },
    deleteAccount: { who: 'signed in', note: 'Their own; needs the password.' },
    rotateSigningKey: operator('The key ring.'),
    revokeSigningKey: operator('The key ring.'),
    suspendUser: operator('Any user. An operator never learns or sets a password.'),
    reinstateUser: operator('Any user.'),
    endUserSessions: operator('Any user.'),
    createVerifier: operator('Shows a new credential, once.'),
    withdrawVerifier: operator('Any verifier.'),
    notifyUser: operator('A message to any user, device, or everybody.'),
  },
  Subscription: {
    sessionEvents: {
      who: 'signed in',
      note: 'What concerns their own sessions, for as long as this one lives.',
    },
  },

  User: {
    id: receiver,
    email: receiver,
    name: receiver,
    roles: receiver,
    createdAt: receiver,
    sessions: receiver,
    activity: { who: 'receiver', note: 'Without what is meant for operators.' },
    suspendedAt: operator('Not for the user concerned.'),
    suspendedReason: operator('Not for the user concerned.'),
  },
  Session: {
    id: receiver,
    deviceName: receiver,
    clientLabel: receiver,
    ipAddress: receiver,
    createdAt: receiver,
    lastSeenAt: receiver,
    generation: receiver,
    expiresAt: receiver,
    current: receiver,
  },
  TokenSet: {
    accessToken: receiver,
    accessTokenExpiresAt: receiver,
    refreshToken: { who: 'receiver', note: 'Null where it travels in a cookie.' },
    refreshTokenExpiresAt: receiver,
    tokenType: receiver,
    serverTime: receiver,
  },
  SigningKey: {
    kid: receiver,
    algorithm: receiver,
    state: receiver,
    publishedAt: receiver,
    activatesAt: receiver,
    activatedAt: receiver,
    retiredAt: receiver,
    goneAt: receiver,
    revokedAt: receiver,
    revokedReason: receiver,
  },
  SigningKeyPolicy: { publishLead: receiver, rotationPeriod: receiver, tokenLingers: receiver },
  Verifier: { id: receiver, name: receiver, createdAt: receiver, withdrawnAt: receiver },
  AuditEvent: {
    id: receiver,
    at: receiver,
    kind: receiver,
    userId: receiver,
    actorId: receiver,
    sessionId: receiver,
    ipAddress: receiver,
    detail: receiver,
  },
  Activity: {
    id: { who: 'receiver', note: 'Says nothing of what happened to others.' },
    at: receiver,
    kind: receiver,
    sessionId: receiver,
    ipAddress: { who: 'receiver', note: 'Null where an operator or a verifier did it.' },
    byAnother: receiver,
    detail: { who: 'receiver', note: 'Never why an operator did something, nor which verifier.' },
  },
  ServerFigures: {
    process: receiver,
    at: receiver,
    refreshVerdicts: receiver,
    revocations: receiver,
    argon2: receiver,
    push: receiver,
  },
  VerdictCount: { verdict: receiver, because: receiver, count: receiver },
  RevocationFigures: { remembered: receiver, stalenessMs: receiver, felt: receiver, lag: receiver },
  RevocationLag: { p50Ms: receiver, p99Ms: receiver, maxMs: receiver },
  Argon2Figures: { running: receiver, waiting: receiver, limit: receiver, refused: receiver },
  PushFigures: { connections: receiver, subscriptions: receiver, sent: receiver, dropped: receiver },
  ServerInfo: {
    sessionModel: receiver,
    issuer: receiver,
    serverTime: receiver,
    accessTokenLifetime: receiver,
    idleLifetime: receiver,
    absoluteLifetime: receiver,
    reuseGrace: receiver,
    maxStaleness: receiver,
    passwordRules: receiver,
  },
  PasswordRules: { minLength: receiver, maxLength: receiver },

  SessionConnection: connection,
  SessionEdge: edge,
  ActivityConnection: connection,
  ActivityEdge: { ...edge, cursor: { who: 'receiver', note: 'Says nothing of what happened to others.' } },
  UserConnection: connection,
  UserEdge: edge,
  AuditEventConnection: connection,
  AuditEventEdge: edge,
  PageInfo: { hasNextPage: receiver, hasPreviousPage: receiver, startCursor: receiver, endCursor: receiver },

  RegisterSuccess: signedIn,
  LoginSuccess: signedIn,
  RefreshSuccess: { session: receiver, tokens: receiver },
  LogoutSuccess: { accessTokensDeadBy: receiver },
  LogoutDeviceSuccess: { session: receiver, accessTokensDeadBy: receiver },
  LogoutAllDevicesSuccess: { accessTokensDeadBy: receiver, sessionsEnded: receiver, tokens: receiver },
  ChangePasswordSuccess: {
    viewer: receiver,
    accessTokensDeadBy: receiver,
    sessionsEnded: receiver,
    tokens: receiver,
  },
  DeleteAccountSuccess: { accessTokensDeadBy: receiver },
  RotateSigningKeySuccess: { active: receiver, retired: receiver, standby: receiver, activatesAt: receiver },
  RevokeSigningKeySuccess: { revoked: receiver, active: receiver, accessTokensDeadBy: receiver },
  SuspendUserSuccess: userEnded,
  EndUserSessionsSuccess: userEnded,
  ReinstateUserSuccess: { user: receiver },
  CreateVerifierSuccess: {
    verifier: receiver,
    credential: { who: 'receiver', note: 'Of this one answer; nothing else ever shows it.' },
  },
  WithdrawVerifierSuccess: { verifier: receiver },
  NotifyUserSuccess: { sentAt: receiver },

  SessionEndedEvent: { at: receiver, sessionId: receiver, reason: receiver, current: receiver },
  SessionsEndedEvent: { at: receiver, reason: receiver },
  DeviceSignedInEvent: { at: receiver, sessionId: receiver },
  TokenReuseEvent: { at: receiver, sessionId: receiver, current: receiver },
  SigningKeyRotatedEvent: { at: receiver },
  MessageEvent: { at: receiver, text: receiver },

  EmailTaken: message,
  InvalidCredentials: message,
  AccountSuspended: message,
  RefreshTokenInvalid: message,
  RefreshTokenReused: message,
  SessionEnded: message,
  SessionNotFound: message,
  UserNotFound: message,
  SigningKeyNotFound: message,
  VerifierNotFound: message,
  UnsupportedAlgorithm: message,
  UnsupportedByModel: message,
  Throttled: { message: receiver, retryAfter: receiver },
  WeakPassword: { message: receiver, reasons: receiver },
  InvalidInput: { message: receiver, problems: receiver },
  InputProblem: { field: receiver, message: receiver },
};
