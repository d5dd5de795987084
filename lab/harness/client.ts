/** A GraphQL client that sends what it is told and keeps nothing: experiments decide what a client forgets or repeats. */

export interface Sent {
  readonly bearer?: string | null;
  /** The value of the `__Host-` cookie. */
  readonly cookie?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Tokens {
  readonly accessToken: string | null;
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string | null;
}

/** Any payload of any mutation; what a type has not is missing. */
export interface Payload {
  readonly __typename: string;
  readonly message?: string;
  readonly viewer?: { readonly id: string };
  readonly session?: { readonly id: string };
  readonly tokens?: Tokens | null;
  readonly accessTokensDeadBy?: string;
  readonly sessionsEnded?: number;
  readonly active?: { readonly kid: string };
  readonly activatesAt?: string;
  readonly credential?: string;
}

export interface Answered {
  readonly status: number;
  readonly data: Record<string, unknown> | null;
  /** The code of the first error, or null. */
  readonly code: string | null;
  /** The `__Host-` cookie that came back: its value, empty where it was cleared, null where none came. */
  readonly cookie: string | null;
}

const COOKIE = '__Host-counterfoil';
const TOKENS = 'tokens { accessToken accessTokenExpiresAt refreshToken }';
const SIGNED_IN = `viewer { id } session { id } ${TOKENS}`;

const MUTATIONS = {
  register: ['RegisterInput', `... on RegisterSuccess { ${SIGNED_IN} }`],
  login: ['LoginInput', `... on LoginSuccess { ${SIGNED_IN} }`],
  refresh: ['RefreshInput', `... on RefreshSuccess { session { id } ${TOKENS} }`],
  logoutDevice: ['LogoutDeviceInput', '... on LogoutDeviceSuccess { session { id } accessTokensDeadBy }'],
  logoutAllDevices: [
    'LogoutAllDevicesInput',
    `... on LogoutAllDevicesSuccess { accessTokensDeadBy sessionsEnded ${TOKENS} }`,
  ],
  createVerifier: ['CreateVerifierInput', '... on CreateVerifierSuccess { credential }'],
  rotateSigningKey: [
    'RotateSigningKeyInput',
    '... on RotateSigningKeySuccess { active { kid } activatesAt }',
  ],
  revokeSigningKey: [
    'RevokeSigningKeyInput',
    '... on RevokeSigningKeySuccess { active { kid } accessTokensDeadBy }',
  ],
} as const;

/** One request by POST. Rejects where no whole answer came back. */
export async function ask(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  { bearer = null, cookie = null, headers = {} }: Sent = {},
): Promise<Answered> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...(cookie === null ? {} : { cookie: `${COOKIE}=${cookie}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const { data = null, errors } = readable(text);
  return {
    status: response.status,
    data,
    code: errors?.[0]?.extensions?.code ?? null,
    cookie: cookieOf(response),
  };
}

function readable(text: string): {
  data?: Record<string, unknown> | null;
  errors?: { extensions?: { code?: string } }[];
} {
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ extensions: { code: 'NO_JSON' } }] };
  }
}

function cookieOf(response: Response): string | null {
  const ours = response.headers.getSetCookie().find((line) => line.startsWith(`${COOKIE}=`));
  return ours === undefined ? null : (ours.slice(COOKIE.length + 1).split(';', 1)[0] ?? '');
}

/** The payload of a mutation. Rejects where the answer has none. */
export async function mutate(
  url: string,
  name: keyof typeof MUTATIONS,
  input: Readonly<Record<string, unknown>>,
  sent: Sent = {},
): Promise<Payload & { readonly cookie: string | null }> {
  const [type, selection] = MUTATIONS[name];
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ${selection} ... on UserError { message } } }`;
  const answered = await ask(url, document, { input }, sent);
  const payload = answered.data?.[name];
  if (payload === undefined || payload === null)
    throw new Error(`${name}: ${answered.status} ${answered.code}`);
  return { ...(payload as Payload), cookie: answered.cookie };
}

/** Whose credential it is, or the code of the refusal. */
export async function whoIs(url: string, sent: Sent): Promise<string> {
  const { data, code } = await ask(url, '{ viewer { id } }', {}, sent);
  const viewer = data?.['viewer'] as { id: string } | null | undefined;
  return viewer?.id ?? code ?? 'nothing';
}

/** Logs out by whatever is sent. */
export async function logout(url: string, sent: Sent): Promise<Payload> {
  const { data, code } = await ask(url, 'mutation { logout { __typename accessTokensDeadBy } }', {}, sent);
  if (!data?.['logout']) throw new Error(`logout: ${code}`);
  return data['logout'] as Payload;
}
