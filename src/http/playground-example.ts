/**
 * What the playground opens with: tabs of operations that run as they are: signing in, the rest of what people do, and
 * what whoever looks after devices and keys does. The account is the playground's own, so that no other example takes its address. Lines are
 * short, since half of the window is the answer. A document holds at most as many operations as the limits allow, which
 * is why there are three.
 */

interface ExampleTab {
  readonly query: string;
  readonly headers: string;
  readonly variables?: string;
}

export const EXAMPLE_HEADERS = '{\n  "Authorization": ""\n}';

const PEOPLE = `# Pick an operation with the play button.
#
# 1. Run Register; on a later visit, Login.
# 2. Run Devices. The playground sends the
#    access token of the last answer along;
#    one that you put into the headers below
#    goes first:
#    "Authorization": "Bearer eyJ..."
# 3. When it has expired, run Refresh.
#
# The refresh token lies in a cookie that no
# script can read. Refresh sends it by itself.

mutation Register {
  register(
    input: {
      email: "robin@example.com"
      password: "marble kettle sunrise 41"
      name: "Robin"
      deviceName: "Playground"
      delivery: COOKIE
    }
  ) {
    __typename
    ... on RegisterSuccess {
      viewer { id email }
      tokens { accessToken accessTokenExpiresAt }
    }
    ... on UserError { message }
  }
}

# A browser is one device: the session of the
# cookie it had ends with this.
mutation Login {
  login(
    input: {
      email: "robin@example.com"
      password: "marble kettle sunrise 41"
      deviceName: "Playground"
      delivery: COOKIE
    }
  ) {
    __typename
    ... on LoginSuccess {
      tokens { accessToken accessTokenExpiresAt }
    }
    ... on UserError { message }
  }
}

mutation Refresh {
  refresh(input: {}) {
    __typename
    ... on RefreshSuccess {
      tokens { accessToken accessTokenExpiresAt }
    }
    ... on UserError { message }
  }
}

query Devices {
  viewer {
    email
    sessions {
      edges {
        node {
          id
          deviceName
          clientLabel
          lastSeenAt
          current
        }
      }
    }
  }
}

mutation LogoutEverywhere {
  logoutAllDevices(
    input: { exceptCurrent: false }
  ) {
    __typename
    ... on LogoutAllDevicesSuccess {
      sessionsEnded
      accessTokensDeadBy
    }
    ... on UserError { message }
  }
}
`;

const DEVICES = `# SessionEvents stays open: run it, and then sign
# in or out elsewhere, and see what comes.

subscription SessionEvents {
  sessionEvents {
    __typename
    at
    ... on SessionEndedEvent { reason current }
    ... on MessageEvent { text }
  }
}

# Signs Robin in once more, beside the cookie: its
# tokens come in the answer, and the playground
# does not take them for its own.
mutation SecondDevice {
  login(
    input: {
      email: "robin@example.com"
      password: "marble kettle sunrise 41"
      deviceName: "Second device"
      delivery: BODY
    }
  ) {
    __typename
    ... on LoginSuccess {
      session { id }
      tokens { accessToken refreshToken }
    }
    ... on UserError { message }
  }
}

# Give the id of a device (see Devices) in the
# variables.
mutation LogoutDevice($id: ID!) {
  logoutDevice(input: { sessionId: $id }) {
    __typename
    ... on LogoutDeviceSuccess {
      session { deviceName }
      accessTokensDeadBy
    }
    ... on UserError { message }
  }
}

# This device goes on, with the tokens that it
# is given.
mutation LogoutOthers {
  logoutAllDevices(
    input: { exceptCurrent: true }
  ) {
    __typename
    ... on LogoutAllDevicesSuccess {
      sessionsEnded
      tokens { accessToken accessTokenExpiresAt }
    }
    ... on UserError { message }
  }
}

# All other devices are logged out. From then on
# Login needs the new password.
mutation ChangePassword {
  changePassword(
    input: {
      currentPassword: "marble kettle sunrise 41"
      newPassword: "copper lantern meadow 8"
    }
  ) {
    __typename
    ... on ChangePasswordSuccess {
      sessionsEnded
      tokens { accessToken accessTokenExpiresAt }
    }
    ... on WeakPassword { reasons }
    ... on UserError { message }
  }
}
`;

const CARE = `# What happened to your account, newest first.
query Activity {
  viewer {
    activity(first: 20) {
      edges {
        node { at kind byAnother detail }
      }
    }
  }
}

# The others are for operators. To make one:
#   node dist/main.js users create --operator \\
#     --email you@example.com

query SigningKeys {
  signingKeys {
    kid
    algorithm
    state
    publishedAt
  }
}

# The standby signs once every verifier can know
# it; force does not wait for that.
mutation RotateSigningKey {
  rotateSigningKey(input: { force: false }) {
    __typename
    ... on RotateSigningKeySuccess {
      active { kid algorithm }
      standby { kid algorithm }
      activatesAt
    }
    ... on UserError { message }
  }
}

# Everybody who listens at this moment is told.
mutation NotifyEverybody {
  notifyUser(
    input: { text: "Maintenance at six." }
  ) {
    __typename
    ... on NotifyUserSuccess { sentAt }
    ... on UserError { message }
  }
}

query AuditLog {
  auditLog(first: 20) {
    edges {
      node { at kind userId ipAddress detail }
    }
  }
}
`;

export const EXAMPLE_TABS: readonly ExampleTab[] = [
  { query: PEOPLE, headers: EXAMPLE_HEADERS },
  { query: DEVICES, headers: EXAMPLE_HEADERS, variables: '{\n  "id": ""\n}' },
  { query: CARE, headers: EXAMPLE_HEADERS },
];
