/**
 * What the playground opens with: two tabs of operations that run as they are, one for people and one for whoever looks
 * after devices and keys. The account is the playground's own, so that no other example takes its address. Lines are
 * short, since half of the window is the answer. A document holds at most as many operations as the limits allow, which
 * is why there are two.
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
# 2. Copy the access token of the answer into
#    the headers below:
#    "Authorization": "Bearer eyJ..."
#    (In the stateful and stateless models the
#    cookie is enough, and the answer has none.)
# 3. Run Devices.
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

const CARE = `# This tab has headers of its own: put an access
# token there.
#
# SecondDevice signs Robin in once more, beside
# the cookie: its tokens come in the answer.
# LogoutDevice ends one of your devices; give
# its id (see Devices) in the variables.
#
# The others are for operators. To make one:
#   node dist/main.js users create --operator \\
#     --email you@example.com

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
  { query: CARE, headers: EXAMPLE_HEADERS, variables: '{\n  "id": ""\n}' },
];
