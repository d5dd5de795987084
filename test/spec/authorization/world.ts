/** The people of the matrix and what they send: fresh for every cell, so that no cell can spoil another. */

import { type ExecutionResult, parse, subscribe } from 'graphql';
import {
  END_OTHERS_RULES,
  MESSAGE_RULES,
  PAIR_RULES,
  REFRESH_RULE,
  REGISTER_RULES,
  SESSION_RULES,
} from '../../../src/account/attempts.js';
import { addressKey } from '../../../src/entities/address.js';
import { requestContext } from '../../../src/graphql/context.js';
import { NOTHING_PRESENTED } from '../../../src/session/contract.js';
import type { AttemptRule } from '../../../src/store/ports/attempts.js';
import { type SignedInContext, startCounterfoil, TEST_PASSWORD } from '../../support/counterfoil.js';
import { newVerifier } from '../../support/feed.js';
import type { Caller } from './rules.js';

const ACCESS_TTL_MS = 300_000;
const NOBODY = 'AAAAAAAAAAAAAAAAAAAAAA';
const ENOUGH = { first: 100 };
/** What makes an input unusable. */
const UNUSABLE: Readonly<Record<string, Record<string, unknown>>> = {
  createVerifier: { name: ' ' },
  notifyUser: { text: ' ' },
};

interface Cell {
  /** Owns what the arguments name. */
  readonly owner: SignedInContext;
  /** Who calls; null without an account. */
  readonly caller: SignedInContext | null;
  readonly bearer: string | null;
  readonly address: string;
  /** One that is in force. */
  readonly verifierId: string;
}

export type World = Awaited<ReturnType<typeof createWorld>>;

export async function createWorld() {
  const counterfoil = await startCounterfoil();
  const { app, clock, schema } = counterfoil;
  const { parts } = app;
  let people = 0;

  async function person(operator = false): Promise<SignedInContext> {
    people += 1;
    const roles = operator ? (['USER', 'OPERATOR'] as const) : (['USER'] as const);
    return counterfoil.signedInAs({ email: `person${people}@example.test`, deviceName: 'Laptop' }, roles);
  }

  function contextOf(bearer: string | null, ipAddress: string) {
    const from = { ipAddress, clientLabel: 'Firefox on Linux' };
    return requestContext(app.http.context, { bearer, cookie: null }, from, { keep() {}, clear() {} });
  }

  /** An event in which an operator, at an address, did something to somebody. */
  async function leaveTrace(): Promise<void> {
    const [operator, somebody] = [await person(true), await person()];
    const context = await contextOf(operator.tokens.accessToken, '203.0.113.1');
    const document = 'mutation($id: ID!) { endUserSessions(input: { userId: $id }) { __typename } }';
    await counterfoil.run(document, context, { id: somebody.user.id });
  }

  /** A refresh that is judged, of a session that is over. */
  async function leaveVerdict(): Promise<void> {
    const somebody = await person();
    await counterfoil.run('mutation { logout { accessTokensDeadBy } }', somebody);
    const { refreshToken } = somebody.tokens;
    await parts.model.renew({
      refreshToken,
      presented: NOTHING_PRESENTED,
      idempotencyKey: null,
      ipAddress: null,
    });
  }

  /** Keys of every state. */
  async function addKeys(): Promise<void> {
    const operator = await person(true);
    const rotate = (force: boolean) =>
      counterfoil.run(
        'mutation($f: Boolean!) { rotateSigningKey(input: { force: $f }) { __typename } }',
        operator,
        {
          f: force,
        },
      );
    const [first] = parts.keyring.ring.keys();
    await rotate(true);
    const revoke =
      'mutation($k: ID!) { revokeSigningKey(input: { kid: $k, reason: "test" }) { __typename } }';
    await counterfoil.run(revoke, operator, { k: first?.kid });
    await rotate(true);
    await rotate(false);
  }

  async function cell(kind: Caller): Promise<Cell> {
    const owner = await person();
    const address = `198.18.${(people >> 8) & 255}.${people & 255}`;
    const verifierId = (await newVerifier(app)).verifier.id;
    const as = (caller: SignedInContext | null) => {
      return { owner, caller, bearer: caller?.tokens.accessToken ?? null, address, verifierId };
    };
    if (kind === 'anonymous') return as(null);
    if (kind === 'self') return as(owner);
    if (kind === 'other') return as(await person());
    if (kind === 'operator') return as(await person(true));
    const again = await counterfoil.signedInAs({ email: owner.user.email });
    if (kind === 'expired') clock.advance(ACCESS_TTL_MS + 1000);
    else await counterfoil.run('mutation { logout { accessTokensDeadBy } }', again);
    return as(again);
  }

  /** Arguments under which `root` succeeds for whoever may do it. */
  function argumentsOf(root: string, { owner, verifierId }: Cell): Record<string, unknown> {
    const userId = owner.user.id;
    const credentials = { email: owner.user.email, password: TEST_PASSWORD, deviceName: 'Telephone' };
    const active = parts.keyring.ring.keys().find(({ state }) => state.kind === 'active');
    const inputs: Record<string, Record<string, unknown>> = {
      register: { ...credentials, email: `new-${owner.user.email}`, name: 'Ada' },
      login: credentials,
      refresh: { refreshToken: owner.tokens.refreshToken },
      logoutDevice: { sessionId: owner.session.id },
      logoutAllDevices: { exceptCurrent: true },
      changePassword: { currentPassword: TEST_PASSWORD, newPassword: 'meadow copper lantern 8' },
      deleteAccount: { password: TEST_PASSWORD },
      rotateSigningKey: { force: true },
      revokeSigningKey: { kid: active?.kid, reason: 'It leaked.' },
      suspendUser: { userId, reason: 'They asked for it.' },
      reinstateUser: { userId },
      endUserSessions: { userId },
      createVerifier: { name: 'orders service' },
      withdrawVerifier: { id: verifierId },
      notifyUser: { userId, text: 'Maintenance at six.' },
    };
    const queries: Record<string, Record<string, unknown>> = {
      session: { id: owner.session.id },
      user: { id: userId },
      users: ENOUGH,
      auditLog: ENOUGH,
    };
    return queries[root] ?? { input: inputs[root] };
  }

  const block = (rule: AttemptRule | undefined, key: string) =>
    rule && app.store.attempts.block(rule, key, 3600);
  const input = (root: string, at: Cell, change: Record<string, unknown>) => {
    return { input: { ...(argumentsOf(root, at)['input'] as object), ...change } };
  };

  /** What has to be so, and to be sent, for a payload to be of a type other than success. */
  const scenes: Record<string, (root: string, at: Cell) => Promise<Record<string, unknown>>> = {
    EmailTaken: async (root, at) => input(root, at, { email: at.owner.user.email }),
    InvalidInput: async (root, at) => input(root, at, UNUSABLE[root] ?? { email: 'no address' }),
    WeakPassword: async (root, at) =>
      input(root, at, root === 'register' ? { password: 'short' } : { newPassword: 'short' }),
    InvalidCredentials: async (root, at) =>
      input(root, at, root === 'changePassword' ? { currentPassword: 'wrong' } : { password: 'wrong' }),
    AccountSuspended: async (root, at) => {
      const operator = await person(true);
      const document = 'mutation($i: SuspendUserInput!) { suspendUser(input: $i) { __typename } }';
      await counterfoil.run(document, operator, { i: { userId: at.owner.user.id, reason: '' } });
      return argumentsOf(root, at);
    },
    RefreshTokenInvalid: async (root, at) => input(root, at, { refreshToken: 'cfr_nonsense' }),
    RefreshTokenReused: async (root, at) => {
      let refreshToken = at.owner.tokens.refreshToken ?? '';
      for (const _ of [1, 2]) {
        const renewal = { refreshToken, presented: NOTHING_PRESENTED, idempotencyKey: null, ipAddress: null };
        const renewed = await parts.model.renew(renewal);
        if (renewed.kind === 'renewed') refreshToken = renewed.tokens.refreshToken ?? '';
      }
      return argumentsOf(root, at);
    },
    SessionEnded: async (root, at) => {
      await counterfoil.run('mutation { logout { accessTokensDeadBy } }', at.owner);
      return argumentsOf(root, at);
    },
    SessionNotFound: async (root, at) => input(root, at, { sessionId: NOBODY }),
    UserNotFound: async (root, at) => input(root, at, { userId: NOBODY }),
    VerifierNotFound: async (root, at) => input(root, at, { id: NOBODY }),
    SigningKeyNotFound: async (root, at) => input(root, at, { kid: NOBODY }),
    UnsupportedAlgorithm: async (root, at) => input(root, at, { algorithm: 'ML_DSA_44' }),
    Throttled: async (root, at) => {
      const address = addressKey(at.address);
      if (root === 'register') await block(REGISTER_RULES[0], address);
      else if (root === 'login') await block(PAIR_RULES[0], `${at.owner.user.email}|${address}`);
      else if (root === 'refresh') await block(REFRESH_RULE, at.owner.session.id);
      else if (at.caller !== null && root === 'logoutAllDevices')
        await block(END_OTHERS_RULES[0], at.caller.session.id);
      else if (at.caller !== null && root === 'notifyUser') await block(MESSAGE_RULES[0], at.caller.user.id);
      else if (at.caller !== null) await block(SESSION_RULES[0], at.caller.session.id);
      return argumentsOf(root, at);
    },
  };

  return {
    schema,
    /** Sends a document as that kind of caller, in a cell where `payload` (null: success) is what comes of it. */
    async send(
      kind: Caller,
      root: string,
      payload: string | null,
      document: string,
    ): Promise<ExecutionResult> {
      if (root === 'auditLog') await leaveTrace();
      if (root === 'serverFigures') await leaveVerdict();
      if (root === 'signingKeys' && kind === 'operator') await addKeys();
      const at = await cell(kind);
      const prepare = payload === null ? undefined : scenes[payload];
      const variables = prepare === undefined ? argumentsOf(root, at) : await prepare(root, at);
      const context = await contextOf(at.bearer, at.address);
      return counterfoil.run(document, context, variables);
    },
    /** Subscribes as that kind of caller. */
    async listen(kind: Caller, document: string) {
      const at = await cell(kind);
      const contextValue = await contextOf(at.bearer, at.address);
      return subscribe({ schema, document: parse(document), contextValue });
    },
    stop: () => counterfoil.stop(),
  };
}
