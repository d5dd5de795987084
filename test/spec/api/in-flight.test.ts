import { GraphQLError } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changePassword } from '../../../src/account/change-password.js';
import { deleteAccount } from '../../../src/account/delete-account.js';
import { login } from '../../../src/account/login.js';
import { logout } from '../../../src/account/logout.js';
import { endUserSessions, suspendUser } from '../../../src/account/operate.js';
import { NOTHING_PRESENTED } from '../../../src/session/contract.js';
import {
  type SignedInContext,
  startCounterfoil,
  TEST_PASSWORD,
  type TestCounterfoil,
} from '../../support/counterfoil.js';

const NOWHERE = { ipAddress: null, clientLabel: null };
const ACTOR = { userId: null, caller: NOWHERE };
const NEW_PASSWORD = 'walnut ferry copper 83';

let counterfoil: TestCounterfoil;
let thief: SignedInContext;
let owner: SignedInContext;

beforeEach(async () => {
  counterfoil = await startCounterfoil();
  owner = await counterfoil.signedInAs();
  thief = await counterfoil.signedInAs();
});
afterEach(() => counterfoil.stop());

const of = ({ user, session }: SignedInContext) => ({ userId: user.id, sessionId: session.id });

/** What may happen while a password is being proven for the thief's session. */
const ENDINGS: Record<string, () => Promise<unknown>> = {
  'its logout': () => logout(counterfoil.app.parts, of(thief), NOWHERE),
  'a logout of all devices': () => endUserSessions(counterfoil.app.parts, thief.user.id, ACTOR),
  'a suspension': () => suspendUser(counterfoil.app.parts, thief.user.id, 'theft', ACTOR),
};

const canLogIn = async (password: string) => {
  const input = {
    email: owner.user.email,
    password,
    delivery: 'body',
    deviceName: null,
    presentedToken: null,
  } as const;
  return (await login(counterfoil.app.parts, input, NOWHERE)).kind === 'logged-in';
};

describe.each(Object.entries(ENDINGS))('a request under way when %s commits', (_ending, commit) => {
  it('deletes no account', async () => {
    const { parts, store } = counterfoil.app;
    const underWay = deleteAccount(parts, of(thief), TEST_PASSWORD, NOWHERE);
    await commit();
    expect(await underWay).toEqual({ kind: 'invalid-credentials' });
    expect(await store.users.find(owner.user.id)).not.toBeNull();
  });

  it('changes no password', async () => {
    const { parts } = counterfoil.app;
    const input = { currentPassword: TEST_PASSWORD, newPassword: NEW_PASSWORD };
    const underWay = changePassword(parts, of(thief), input, NOWHERE);
    await commit();
    expect(await underWay).toEqual({ kind: 'invalid-credentials' });
    expect(await canLogIn(NEW_PASSWORD)).toBe(false);
  });
});

describe('a deletion under way with the old password when the owner changes it', () => {
  it('deletes nothing', async () => {
    const { parts, store } = counterfoil.app;
    const input = { currentPassword: TEST_PASSWORD, newPassword: NEW_PASSWORD };
    const [deleted, changed] = await Promise.all([
      deleteAccount(parts, of(thief), TEST_PASSWORD, NOWHERE),
      changePassword(parts, of(owner), input, NOWHERE),
    ]);
    // Whichever commits first wins; never both.
    const gone = (await store.users.find(owner.user.id)) === null;
    expect(deleted.kind === 'account-deleted').toBe(gone);
    expect(changed.kind === 'password-changed').toBe(!gone);
  });
});

describe('a refresh token that has been used up', () => {
  it('still says whose session it is, but not as the present one', async () => {
    const { model } = counterfoil.app.parts;
    const first = owner.tokens.refreshToken ?? '';
    expect(await model.identify(first)).toMatchObject({ current: true });
    await model.renew({
      presented: NOTHING_PRESENTED,
      refreshToken: first,
      idempotencyKey: 'a',
      ipAddress: null,
    });
    expect(await model.identify(first)).toMatchObject({ current: true });
    counterfoil.clock.advance(30_001);
    expect(await model.identify(first)).toMatchObject({ current: false });
  });
});

describe('an argument that is null where none may be', () => {
  const documents = [
    [
      'mutation($e: String = "x") { login(input: { email: $e, password: "canary-5512" }) { __typename } }',
      { e: null },
    ],
    [
      'mutation($d: Delivery = BODY) { login(input: { email: "a@b.example", password: "canary-5512", delivery: $d }) { __typename } }',
      { d: null },
    ],
  ] as const;

  it.each(documents)(
    'is the client’s mistake, and nothing that was sent is logged or answered: %s',
    async (query, variables) => {
      const logged: unknown[] = [];
      const { maskErrors } = await import('../../../src/graphql/errors.js');
      const mask = maskErrors((fault) => logged.push(fault));
      const { errors } = await counterfoil.run(query, await counterfoil.anonymous(), { ...variables });
      expect(errors).toHaveLength(1);
      const answers = errors?.map((error) => mask(error.toJSON(), error));
      expect(answers).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(JSON.stringify(answers)).not.toContain('canary');
      expect(logged).toEqual([]);
    },
  );

  it('is told apart from an error that a resolver throws: that one stays masked', async () => {
    const { maskErrors } = await import('../../../src/graphql/errors.js');
    const logged: unknown[] = [];
    const thrown = new GraphQLError('canary', { originalError: new GraphQLError('Argument "x" has canary') });
    const answer = maskErrors((fault) => logged.push(fault))(thrown.toJSON(), thrown);
    expect(answer.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
    expect(logged).toHaveLength(1);
  });
});
