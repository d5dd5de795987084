/** `sessionEvents` over WebSocket: who may listen, what they hear, and that nobody listens for longer than their session lives. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { bareSocket, type Listener, type ListenerOptions, listen } from '../../support/socket.js';

let at: Loopback;
let listeners: Listener[] = [];

beforeEach(async () => {
  at = await startLoopback();
  listeners = [];
});

afterEach(async () => {
  for (const listener of listeners) listener.dispose();
  await at.stop();
});

async function listening(client: Client, more: Partial<ListenerOptions> = {}): Promise<Listener> {
  const listener = await listen(at.origin, { token: () => client.accessToken, ...more });
  listeners.push(listener);
  return listener;
}

const kinds = ({ events }: Listener) => events.map(({ __typename }) => __typename);
const idOf = async (client: Client) => (await client.read<{ id: string }>('{ session { id } }')).id;

async function operator(): Promise<Client> {
  return at.signedIn('operator@example.test', ['USER', 'OPERATOR']);
}

const NOTIFY = `mutation ($input: NotifyUserInput!) {
  notifyUser(input: $input) { __typename ... on UserError { message } }
}`;
async function notify(client: Client, input: Record<string, unknown>): Promise<string> {
  const { data } = await client.send(NOTIFY, { input });
  return (data?.['notifyUser'] as { __typename: string } | undefined)?.__typename ?? 'refused';
}

describe('a signed-in client', () => {
  it('is told that another device has signed in, and not of its own sign-in', async () => {
    const one = await at.signedIn('ada@example.test');
    const here = await listening(one);
    const two = await at.signedIn('ada@example.test');
    const there = await listening(two);
    await expect.poll(() => kinds(here)).toEqual(['DeviceSignedInEvent']);
    expect(here.events[0]?.sessionId).toBe(await idOf(two));
    expect(there.events).toEqual([]);
  });

  it('is told why another session of its user ended; others hear nothing', async () => {
    const [one, two] = [await at.signedIn('ada@example.test'), await at.signedIn('ada@example.test')];
    const stranger = await listening(await at.signedIn('ben@example.test'));
    const here = await listening(one);
    const sessionId = await idOf(two);
    await one.mutate('logoutDevice', { sessionId });
    await expect
      .poll(() => here.events)
      .toMatchObject([
        { __typename: 'SessionEndedEvent', sessionId, reason: 'LOGOUT_DEVICE', current: false },
      ]);
    expect(here.closed).toEqual([]);
    expect(stranger.events).toEqual([]);
  });

  it('whose session ends hears the reason, and then the connection is closed with 4403', async () => {
    const [one, two] = [await at.signedIn('ada@example.test'), await at.signedIn('ada@example.test')];
    const there = await listening(two);
    const sessionId = await idOf(two);
    await one.mutate('logoutDevice', { sessionId });
    await expect.poll(() => there.closed).toEqual([4403]);
    expect(there.events).toMatchObject([
      { __typename: 'SessionEndedEvent', sessionId, reason: 'LOGOUT_DEVICE', current: true },
    ]);
    expect(there.completed).toBe(true);
  });

  it('that logs out everywhere but here goes on with its new token; the others are closed', async () => {
    const [one, two] = [await at.signedIn('ada@example.test'), await at.signedIn('ada@example.test')];
    const [here, there] = [await listening(one), await listening(two)];
    const { tokens } = await one.mutate('logoutAllDevices', { exceptCurrent: true });
    one.accessToken = tokens?.accessToken ?? null;
    await expect.poll(() => there.closed).toEqual([4403]);
    expect(there.events).toMatchObject([{ __typename: 'SessionsEndedEvent', reason: 'LOGOUT_ALL' }]);
    await expect.poll(() => kinds(here)).toEqual(['SessionsEndedEvent']);
    at.pass(200);
    await at.signedIn('ada@example.test');
    await expect.poll(() => kinds(here)).toEqual(['SessionsEndedEvent', 'DeviceSignedInEvent']);
    expect(here.closed).toEqual([]);
  });

  it('is told of a reused refresh token, on every device of its user', async () => {
    const [one, two] = [await at.signedIn('ada@example.test'), await at.signedIn('ada@example.test')];
    const here = await listening(one);
    const thief = at.client();
    thief.refreshToken = two.refreshToken;
    const sessionId = await idOf(two);
    await two.refresh();
    await two.refresh();
    expect((await thief.refresh()).__typename).toBe('RefreshTokenReused');
    await expect
      .poll(() => here.events)
      .toMatchObject([{ __typename: 'TokenReuseEvent', sessionId, current: false }]);
  });

  it.each([
    ['suspended', 'SUSPENDED'],
    ['signed out by an operator', 'OPERATOR'],
  ])('that is %s hears it and is closed', async (what, reason) => {
    const admin = await operator();
    const client = await at.signedIn('ada@example.test');
    const here = await listening(client);
    const userId = (await client.read<{ id: string }>('{ viewer { id } }')).id;
    if (what === 'suspended') await admin.mutate('suspendUser', { userId, reason: 'abuse' });
    else await admin.mutate('endUserSessions', { userId });
    await expect.poll(() => here.closed).toEqual([4403]);
    expect(here.events).toMatchObject([{ __typename: 'SessionsEndedEvent', reason }]);
  });

  it('hears that keys have rotated, and need do nothing', async () => {
    const admin = await operator();
    const here = await listening(await at.signedIn('ada@example.test'));
    await admin.mutate('rotateSigningKey', { force: true });
    await expect.poll(() => kinds(here)).toEqual(['SigningKeyRotatedEvent']);
    expect(here.closed).toEqual([]);
  });

  it('whose token was signed by a key that is revoked is asked for another, and goes on', async () => {
    const admin = await operator();
    const client = await at.signedIn('ada@example.test');
    let asked = 0;
    const here = await listening(client, {
      token: async () => {
        asked += 1;
        if (asked > 1) await client.refresh();
        return client.accessToken;
      },
    });
    const signingKeys = await admin.read<{ kid: string; state: string }[]>('{ signingKeys { kid state } }');
    const kid = signingKeys.find(({ state }) => state === 'ACTIVE')?.kid;
    await admin.mutate('revokeSigningKey', { kid, reason: 'leaked' });
    await expect.poll(() => asked).toBe(2);
    await at.signedIn('ada@example.test');
    await expect.poll(() => kinds(here)).toEqual(['SigningKeyRotatedEvent', 'DeviceSignedInEvent']);
    expect(here.closed).toEqual([]);
  });
});

describe('a message of an operator', () => {
  it('reaches one device, one user, or everybody who listens', async () => {
    const admin = await operator();
    const ada = await at.signedIn('ada@example.test');
    const [first, second] = [await listening(ada), await listening(await at.signedIn('ada@example.test'))];
    const ben = await listening(await at.signedIn('ben@example.test'));
    const texts = ({ events }: Listener) => events.flatMap(({ text }) => text ?? []);
    const userId = (await ada.read<{ id: string }>('{ viewer { id } }')).id;
    expect(await notify(admin, { sessionId: await idOf(ada), text: 'one' })).toBe('NotifyUserSuccess');
    expect(await notify(admin, { userId, text: 'two' })).toBe('NotifyUserSuccess');
    expect(await notify(admin, { text: 'three' })).toBe('NotifyUserSuccess');
    await expect.poll(() => texts(first)).toEqual(['one', 'two', 'three']);
    await expect.poll(() => texts(second)).toEqual(['two', 'three']);
    await expect.poll(() => texts(ben)).toEqual(['three']);
  });

  it('needs the role, a text that can be shown, and somebody to go to', async () => {
    const admin = await operator();
    const ada = await at.signedIn('ada@example.test');
    expect(await notify(ada, { text: 'hello' })).toBe('refused');
    expect(await notify(admin, { text: '  ' })).toBe('InvalidInput');
    expect(await notify(admin, { text: 'x'.repeat(501) })).toBe('InvalidInput');
    expect(await notify(admin, { text: 'bell \u0007' })).toBe('InvalidInput');
    expect(await notify(admin, { text: 'read \u202Esdrawkcab' })).toBe('InvalidInput');
    expect(await notify(admin, { text: '\u200B\u3164' })).toBe('InvalidInput');
    expect(await notify(admin, { text: 'two\nlines' })).toBe('NotifyUserSuccess');
    expect(await notify(admin, { userId: 'A'.repeat(22), text: 'hello' })).toBe('UserNotFound');
    expect(await notify(admin, { sessionId: 'nonsense', text: 'hello' })).toBe('SessionNotFound');
  });
});

describe('a connection', () => {
  const init = (accessToken: unknown) => ({ type: 'connection_init', payload: { accessToken } });
  const subscribe = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });

  it('says when its token expires, and takes another over the same connection', async () => {
    const client = await at.signedIn('ada@example.test');
    const bare = await bareSocket(at.origin);
    bare.send(init(client.accessToken));
    await expect.poll(() => bare.messages.length).toBe(1);
    const first = bare.messages[0]?.['payload'] as { accessTokenExpiresAt: string };
    expect(Date.parse(first.accessTokenExpiresAt)).toBeGreaterThan(at.counterfoil.clock.now());
    at.pass(100);
    await client.refresh();
    bare.send({ type: 'ping', payload: { accessToken: client.accessToken } });
    await expect.poll(() => bare.messages.length).toBe(2);
    const { type, payload } = bare.messages[1] as { type: string; payload: { accessTokenExpiresAt: string } };
    expect(type).toBe('pong');
    expect(Date.parse(payload.accessTokenExpiresAt)).toBeGreaterThan(Date.parse(first.accessTokenExpiresAt));
    expect(JSON.stringify(payload)).not.toContain(client.accessToken);
    bare.socket.close();
  });

  it('asks for a token before its own expires, and goes on with it; nothing is lost meanwhile', async () => {
    const client = await at.signedIn('ada@example.test');
    let asked = 0;
    const here = await listening(client, {
      token: async () => {
        asked += 1;
        if (asked > 1) await client.refresh();
        return client.accessToken;
      },
    });
    for (const round of [2, 3]) {
      at.pass(280);
      await expect.poll(() => asked, { timeout: 5_000 }).toBe(round);
      await at.signedIn('ada@example.test');
      await expect.poll(() => here.events.length).toBe(round - 1);
    }
    expect(here.closed).toEqual([]);
  });

  it('is closed with 4001 where none comes, with the session alive', async () => {
    const client = await at.signedIn('ada@example.test');
    const here = await listening(client, { renews: false });
    at.pass(290);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(here.closed).toEqual([]);
    at.pass(11);
    await expect.poll(() => here.closed, { timeout: 5_000 }).toEqual([4001]);
    expect((await client.refresh()).__typename).toBe('RefreshSuccess');
  });

  it('is not taken over by a token of another session', async () => {
    const [one, two] = [await at.signedIn('ada@example.test'), await at.signedIn('ada@example.test')];
    const bare = await bareSocket(at.origin);
    bare.send(init(one.accessToken));
    await expect.poll(() => bare.messages.length).toBe(1);
    bare.send({ type: 'ping', payload: { accessToken: two.accessToken } });
    expect(await bare.closed).toBe(4401);
  });

  it.each([
    ['none', () => null, 4401],
    ['nonsense', () => 'nonsense', 4401],
    [
      'an expired one',
      (client: Client) => {
        at.pass(400);
        return client.accessToken;
      },
      4001,
    ],
  ])('with %s for a token is closed', async (_, token, code) => {
    const client = await at.signedIn('ada@example.test');
    const bare = await bareSocket(at.origin);
    bare.send(init(token(client)));
    expect(await bare.closed).toBe(code);
  });

  it('with a token of a key that has been revoked is asked to come with another: closed with 4001', async () => {
    const admin = await operator();
    const client = await at.signedIn('ada@example.test');
    const keys = await admin.read<{ kid: string; state: string }[]>('{ signingKeys { kid state } }');
    const kid = keys.find(({ state }) => state === 'ACTIVE')?.kid;
    await admin.mutate('revokeSigningKey', { kid, reason: 'leaked' });
    const bare = await bareSocket(at.origin);
    bare.send(init(client.accessToken));
    expect(await bare.closed).toBe(4001);
  });

  it('that says what no client may is closed, and no fault of ours is logged', async () => {
    const bare = await bareSocket(at.origin);
    bare.send({ type: 'connection_ack' });
    expect(await bare.closed).toBe(4400);
    const client = await at.signedIn('ada@example.test');
    const twice = await bareSocket(at.origin);
    twice.send(init(client.accessToken));
    await expect.poll(() => twice.messages.length).toBe(1);
    for (let n = 0; n < 2; n += 1)
      twice.send(subscribe('ü'.repeat(1_000), 'subscription { sessionEvents { at } }'));
    expect(await twice.closed).toBe(4409);
  });

  it('with a token of a session that is over is closed with 4403', async () => {
    const client = await at.signedIn('ada@example.test');
    await client.send('mutation { logout { accessTokensDeadBy } }');
    const bare = await bareSocket(at.origin);
    bare.send(init(client.accessToken));
    expect(await bare.closed).toBe(4403);
  });

  it('of a page of a foreign origin is refused before it is one, and without the subprotocol, too', async () => {
    await expect(bareSocket(at.origin, { origin: 'https://evil.example' })).rejects.toThrow('403');
    await expect(bareSocket(at.origin, {}, 'graphql-ws')).rejects.toThrow('400');
    const issuer = at.counterfoil.app.config.issuer;
    const bare = await bareSocket(at.origin, { origin: issuer });
    bare.socket.close();
  });

  it('carries subscriptions alone, within the limits of documents', async () => {
    const client = await at.signedIn('ada@example.test');
    const bare = await bareSocket(at.origin);
    bare.send(init(client.accessToken));
    await expect.poll(() => bare.messages.length).toBe(1);
    const refusals = {
      query: '{ viewer { id } }',
      mutation: 'mutation { logout { accessTokensDeadBy } }',
      syntax: 'subscription {',
      unknown: 'subscription { sessionEvent { at } }',
      large: `subscription { sessionEvents { ${'at '.repeat(1_000)} } }`,
      aliases: `subscription { sessionEvents { ${Array.from({ length: 60 }, (_, n) => `a${n}: at`).join(' ')} } }`,
      schema: 'subscription { __schema { types { name } } sessionEvents { at } }',
    };
    for (const [id, query] of Object.entries(refusals)) bare.send(subscribe(id, query));
    await expect.poll(() => bare.messages.length).toBe(8);
    const codes = Object.fromEntries(
      bare.messages.slice(1).map(({ id, type, payload }) => {
        expect(type).toBe('error');
        return [id, (payload as { extensions: { code: string } }[])[0]?.extensions.code];
      }),
    );
    expect(codes).toEqual({
      query: 'OPERATION_RESOLUTION_FAILURE',
      mutation: 'OPERATION_RESOLUTION_FAILURE',
      syntax: 'GRAPHQL_PARSE_FAILED',
      unknown: 'GRAPHQL_VALIDATION_FAILED',
      large: 'GRAPHQL_PARSE_FAILED',
      aliases: 'DOCUMENT_TOO_COMPLEX',
      schema: 'GRAPHQL_VALIDATION_FAILED',
    });
    expect(await client.whoAmI()).not.toBe('UNAUTHENTICATED');
    bare.socket.close();
  });

  it('that floods, sends too much at once, or something other than text, is closed, and harms nobody', async () => {
    const client = await at.signedIn('ada@example.test');
    const here = await listening(client);
    const flooding = await bareSocket(at.origin);
    for (let sent = 0; sent < 200; sent += 1) flooding.send({ type: 'ping' });
    expect(await flooding.closed).toBe(4429);
    const large = await bareSocket(at.origin);
    large.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(20_000) } }));
    expect(await large.closed).toBe(1009);
    const binary = await bareSocket(at.origin);
    binary.socket.send(Buffer.from([1, 2, 3]));
    expect(await binary.closed).toBe(1003);
    const broken = await bareSocket(at.origin);
    broken.send('{');
    expect(await broken.closed).toBe(4400);
    await at.signedIn('ada@example.test');
    await expect.poll(() => kinds(here)).toEqual(['DeviceSignedInEvent']);
  });

  it('ends with the server, and the client may come back', async () => {
    const here = await listening(await at.signedIn('ada@example.test'));
    await at.server.close();
    await expect.poll(() => here.closed).toEqual([1001]);
  });
});
