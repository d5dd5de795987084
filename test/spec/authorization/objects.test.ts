/** ASVS 8.2.2: with the ids of somebody else's things, one learns and changes as much as with ids of nothing. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Api, type Client, mutation, startApi } from '../../support/api.js';

const NOTHING = 'AAAAAAAAAAAAAAAAAAAAAA';
const GARBAGE = ['', 'x', '../../users', "' or 1=1 --", `${'A'.repeat(22)}=`, 'A'.repeat(5000)];

let api: Api;
let alice: Client;
let bob: Client;
let ids: { user: string; session: string; kid: string };

beforeAll(async () => {
  api = await startApi();
  alice = await api.signedIn('alice@example.test');
  bob = await api.signedIn('bob@example.test');
  const operator = await api.signedIn('operator@example.test', ['OPERATOR']);
  const { id } = await alice.read<{ id: string }>('{ session { id } }');
  const [key] = await operator.read<{ kid: string }[]>('{ signingKeys { kid } }');
  ids = { user: String(await alice.whoAmI()), session: id, kid: key?.kid ?? '' };
});
afterAll(() => api.stop());

/** All of an answer that a client can see. */
function seen({ status, headers, body }: Answer) {
  const { date: _, ...others } = headers;
  return { status, headers: others, body };
}

const session = (id: string) => bob.send('query($id: ID) { session(id: $id) { id expiresAt } }', { id });
const user = (id: string) => bob.send('query($id: ID!) { user(id: $id) { id email } }', { id });
const mutate = (name: Parameters<typeof mutation>[0], input: object) => bob.send(mutation(name), { input });

const ATTEMPTS: readonly [string, () => string, (id: string) => Promise<Answer>][] = [
  ['session', () => ids.session, session],
  ['logoutDevice', () => ids.session, (sessionId) => mutate('logoutDevice', { sessionId })],
  ['user', () => ids.user, user],
  ['suspendUser', () => ids.user, (userId) => mutate('suspendUser', { userId, reason: 'spite' })],
  ['reinstateUser', () => ids.user, (userId) => mutate('reinstateUser', { userId })],
  ['endUserSessions', () => ids.user, (userId) => mutate('endUserSessions', { userId })],
  ['revokeSigningKey', () => ids.kid, (kid) => mutate('revokeSigningKey', { kid, reason: 'spite' })],
];

describe('another user’s id gets the answer that an id of nothing gets, to the byte', () => {
  it.each(ATTEMPTS)('%s', async (_, idOfAlice, attempt) => {
    const answer = seen(await attempt(idOfAlice()));
    expect(answer).toEqual(seen(await attempt(NOTHING)));
    expect(answer.body).not.toContain('alice');
    for (const garbage of GARBAGE) expect(seen(await attempt(garbage))).toEqual(answer);
  });

  it('and nothing of hers has changed', async () => {
    expect(await alice.whoAmI()).toBe(ids.user);
    expect((await alice.refresh()).__typename).toBe('RefreshSuccess');
  });
});

describe('an operator has no more power over sessions by id than their owner gives away', () => {
  it('session and logoutDevice look for the operator’s own sessions only', async () => {
    const operator = await api.signedIn('operator@example.test', ['OPERATOR']);
    expect(await operator.read(`{ session(id: "${ids.session}") { id } }`)).toBeNull();
    const payload = await operator.mutate('logoutDevice', { sessionId: ids.session });
    expect(payload.__typename).toBe('SessionNotFound');
    expect(await alice.whoAmI()).toBe(ids.user);
  });
});

describe('what is about the caller is about nobody else', () => {
  it('viewer, session and the list of sessions are the caller’s own', async () => {
    const query = '{ viewer { email sessions { edges { node { id current } } } } }';
    interface Viewer {
      email: string;
      sessions: { edges: { node: { id: string; current: boolean } }[] };
    }
    const viewer = await bob.read<Viewer>(query);
    expect(viewer.email).toBe('bob@example.test');
    expect(viewer.sessions.edges.map(({ node }) => node.id)).not.toContain(ids.session);
    expect(viewer.sessions.edges.filter(({ node }) => node.current)).toHaveLength(1);
  });

  it('logoutAllDevices, changePassword and deleteAccount of one end nothing of another', async () => {
    const carol = await api.signedIn('carol@example.test');
    await carol.mutate('logoutAllDevices', { exceptCurrent: true });
    const change = { currentPassword: 'orchid kettle granite 41', newPassword: 'meadow copper lantern 8' };
    await carol.mutate('changePassword', change);
    await carol.mutate('deleteAccount', { password: change.newPassword });
    expect(await alice.whoAmI()).toBe(ids.user);
    expect((await api.client().login('alice@example.test')).__typename).toBe('LoginSuccess');
  });
});
