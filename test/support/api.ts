/**
 * The API as a client sees it: whole HTTP requests through the real server, without a socket. A client keeps what a
 * real one would keep: its access token, its refresh token and its cookies, and calls from an address of its own.
 */

import type { FastifyInstance } from 'fastify';
import { createUser } from '../../src/account/register.js';
import type { Role, User } from '../../src/entities/user.js';
import { startCounterfoil, TEST_PASSWORD, type TestCounterfoil, type TestOptions } from './counterfoil.js';
import { type MutationName, mutation, type Payload } from './mutation.js';

export {
  type KeyView,
  type MutationName,
  mutation,
  type Payload,
  type Tokens,
} from './mutation.js';
export const PASSWORD = TEST_PASSWORD;
export const COOKIE = '__Host-counterfoil';

export interface ApiError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly reason?: string;
    readonly breaches?: { kind: string }[];
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  /** The body as it came, byte by byte. */
  readonly body: string;
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly ApiError[];
}

export class Client {
  accessToken: string | null = null;
  refreshToken: string | null = null;
  cookie: string | null = null;

  constructor(
    private readonly server: FastifyInstance,
    readonly address: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** One request. Cookies are kept as a browser keeps them; tokens are kept by `mutate`. */
  async send(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const response = await this.server.inject({
      method: 'POST',
      url: '/graphql',
      remoteAddress: this.address,
      headers: {
        'content-type': 'application/json',
        ...(this.accessToken === null ? {} : { authorization: `Bearer ${this.accessToken}` }),
        ...(this.cookie === null ? {} : { cookie: `${COOKIE}=${this.cookie}` }),
        ...this.headers,
      },
      payload: JSON.stringify({ query, variables }),
    });
    for (const { name, value, maxAge } of response.cookies) {
      if (name === COOKIE) this.cookie = maxAge === 0 ? null : value;
    }
    const { data = null, errors = [] } = response.json<{ data?: Answer['data']; errors?: ApiError[] }>();
    const { statusCode: status, headers, body } = response;
    return { status, headers, body, data, errors };
  }

  /** What the only root field answered; an error is an error of the test. */
  async read<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { data, errors } = await this.send(query, variables);
    if (errors.length > 0 || data === null) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return Object.values(data)[0] as T;
  }

  async mutate(name: MutationName, input: Record<string, unknown>): Promise<Payload> {
    const payload = await this.read<Payload>(mutation(name), { input });
    this.keep(payload);
    return payload;
  }

  keep({ tokens }: Payload): void {
    if (!tokens) return;
    this.accessToken = tokens.accessToken;
    this.refreshToken = tokens.refreshToken;
  }

  /** The code of the first error, or the value. */
  async outcome(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
    const { data, errors } = await this.send(query, variables);
    return errors[0]?.extensions.code ?? Object.values(data ?? {})[0];
  }

  login(email: string, password = PASSWORD, more: Record<string, unknown> = {}): Promise<Payload> {
    return this.mutate('login', { email, password, ...more });
  }

  refresh(input: Record<string, unknown> = {}): Promise<Payload> {
    const own = this.refreshToken === null ? {} : { refreshToken: this.refreshToken };
    return this.mutate('refresh', { ...own, ...input });
  }

  /** `viewer.id`, or the code of the refusal. */
  async whoAmI(): Promise<unknown> {
    const outcome = await this.outcome('{ viewer { id } }');
    return typeof outcome === 'string' ? outcome : (outcome as { id: string } | null)?.id;
  }
}

export interface Api {
  readonly counterfoil: TestCounterfoil;
  readonly server: FastifyInstance;
  /** A client at an address; each at one of its own unless told. */
  client(address?: string, headers?: Record<string, string>): Client;
  /** Makes a user with the password of all tests. */
  user(email: string, roles?: readonly Role[]): Promise<User>;
  /** A client that has logged in; its user is made where there is none. */
  signedIn(email: string, roles?: readonly Role[], more?: Record<string, unknown>): Promise<Client>;
  /** Lets time pass: seconds. */
  pass(seconds: number): void;
  stop(): Promise<void>;
}

/** Rate limits are off unless the test is about them. */
export async function startApi(options: TestOptions = {}): Promise<Api> {
  const counterfoil = await startCounterfoil({
    ...options,
    settings: { rateLimits: 'off', ...options.settings },
  });
  const server = await counterfoil.app.createServer();
  let clients = 0;

  const client: Api['client'] = (address, headers) => {
    clients += 1;
    return new Client(server, address ?? `198.18.${clients >> 8}.${clients & 255}`, headers);
  };
  const user: Api['user'] = async (email, roles = ['USER']) => {
    const { app } = counterfoil;
    const known = await app.store.users.credentialsByEmail(email);
    if (known !== null) return known.user;
    const account = { email, password: PASSWORD, name: 'Somebody' };
    const caller = { ipAddress: null, clientLabel: null };
    const made = await createUser(app.parts, account, { roles, as: 'user.created', caller });
    if (made.kind !== 'created') throw new Error(`${email} could not be made a user: ${made.kind}`);
    return made.user;
  };

  return {
    counterfoil,
    server,
    client,
    user,
    signedIn: async (email, roles = ['USER'], more = {}) => {
      await user(email, roles);
      const signedIn = client();
      const payload = await signedIn.login(email, PASSWORD, more);
      if (payload.__typename !== 'LoginSuccess') throw new Error(`${email}: ${JSON.stringify(payload)}`);
      return signedIn;
    },
    pass: (seconds) => counterfoil.clock.advance(seconds * 1000),
    stop: async () => {
      await server.close();
      await counterfoil.stop();
    },
  };
}
