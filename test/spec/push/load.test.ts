/** Limits, slow readers and clients that vanish: none of them harms anybody else. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { notify } from '../../../src/account/notify.js';
import type { SignedInContext } from '../../support/counterfoil.js';
import { openStream } from '../../support/event-stream.js';
import { pipelined } from '../../support/loopback.js';
import { type BareSocket, bareSocket, type Listener, listen, SESSION_EVENTS } from '../../support/socket.js';
import { startPushing } from './world.js';

let at: Awaited<ReturnType<typeof startPushing>>;
let listeners: Listener[] = [];

afterEach(async () => {
  for (const listener of listeners) listener.dispose();
  listeners = [];
  await at.stop();
});

const CONSOLE = { userId: null, caller: { ipAddress: null, clientLabel: null } };
const say = (text: string) => notify(at.app.parts, { userId: null, sessionId: null, text }, CONSOLE);
const texts = ({ events }: Listener) => events.flatMap(({ text }) => text ?? []);
const init = ({ tokens }: SignedInContext) => ({
  type: 'connection_init',
  payload: { accessToken: tokens.accessToken },
});

/** Reads no more. */
function stall({ socket }: BareSocket): void {
  (socket as unknown as { _socket: { pause(): void } })._socket.pause();
}

const streamOf = ({ accessToken }: SignedInContext['tokens']) =>
  openStream(at.origin, SESSION_EVENTS, accessToken ?? '');

async function listening(person: SignedInContext): Promise<Listener> {
  const listener = await listen(at.origin, { token: () => person.tokens.accessToken });
  listeners.push(listener);
  return listener;
}

async function acknowledged(person: SignedInContext) {
  const bare = await bareSocket(at.origin);
  bare.send(init(person));
  await expect.poll(() => bare.messages.length + Number(bare.socket.readyState > 1)).toBeGreaterThan(0);
  return bare;
}

describe('limits', () => {
  it('of connections: one user may not take them all, and a full server says so before the upgrade', async () => {
    at = await startPushing({ connections: 4, connectionsPerUser: 2 });
    const [ada, ben] = [
      await at.counterfoil.signedInAs(),
      await at.counterfoil.signedInAs({ email: 'ben@example.test' }),
    ];
    await acknowledged(ada);
    await acknowledged(ada);
    expect(await (await acknowledged(ada)).closed).toBe(4429);
    await expect.poll(() => at.app.http.push.figures().watched).toBe(2);
    const [first] = [await acknowledged(ben), await acknowledged(ben)];
    await expect(bareSocket(at.origin)).rejects.toThrow('503');
    first?.socket.close();
    await expect.poll(() => at.app.http.push.figures().watched).toBe(3);
    (await bareSocket(at.origin)).socket.close();
  });

  it('of subscriptions on one connection; the others go on', async () => {
    at = await startPushing({ subscriptionsPerConnection: 2 });
    const bare = await acknowledged(await at.counterfoil.signedInAs());
    for (const id of ['a', 'b', 'c'])
      bare.send({ id, type: 'subscribe', payload: { query: SESSION_EVENTS } });
    await expect
      .poll(() => bare.messages.filter(({ type }) => type === 'error'))
      .toMatchObject([{ id: 'c' }]);
    bare.send({ id: 'a', type: 'complete' });
    await expect.poll(() => at.app.http.push.figures().listeners).toBe(1);
    bare.send({ id: 'd', type: 'subscribe', payload: { query: SESSION_EVENTS } });
    await expect.poll(() => at.app.http.push.figures().listeners).toBe(2);
    await say('hello');
    await expect
      .poll(() => bare.messages.filter(({ type }) => type === 'next').map(({ id }) => id))
      .toEqual(['b', 'd']);
    bare.socket.close();
  });

  it('of memory: a thousand subscriptions, one after the other on one connection, leave nothing behind', async () => {
    at = await startPushing({ messages: 10_000 });
    const { push } = at.app.http;
    const follow = push.follow.bind(push);
    const given: WeakRef<object>[] = [];
    push.follow = async (...asked) => {
      const queue = await follow(...asked);
      given.push(new WeakRef(queue));
      return queue;
    };
    const bare = await acknowledged(await at.counterfoil.signedInAs());
    const ids = Array.from({ length: 10 }, (_, n) => `${n}`);
    while (given.length < 1_000) {
      for (const id of ids) bare.send({ id, type: 'subscribe', payload: { query: SESSION_EVENTS } });
      await expect.poll(() => push.figures().listeners, { interval: 1 }).toBe(ids.length);
      for (const id of ids) bare.send({ id, type: 'complete' });
      await expect.poll(() => push.figures().listeners, { interval: 1 }).toBe(0);
    }
    expect(push.figures().watched).toBe(1);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
    expect(given.filter((queue) => queue.deref() !== undefined)).toHaveLength(0);
    bare.socket.close();
  });

  it('of strangers: one address may not take all room without showing a token', async () => {
    at = await startPushing({ strangersPerAddress: 2 });
    const person = await at.counterfoil.signedInAs();
    const first = await bareSocket(at.origin);
    await bareSocket(at.origin);
    await expect(bareSocket(at.origin)).rejects.toThrow('429');
    first.send(init(person));
    await expect.poll(() => first.messages.length).toBe(1);
    (await bareSocket(at.origin)).socket.close();
  });

  it('of strangers: wherever they come from, they take places from one another alone', async () => {
    at = await startPushing({ connections: 4, strangers: 2 });
    const person = await at.counterfoil.signedInAs();
    const here = await acknowledged(person);
    const [first, second] = [await bareSocket(at.origin), await bareSocket(at.origin)];
    const third = await bareSocket(at.origin);
    expect(await first.closed).toBe(1006);
    third.send(init(person));
    await expect.poll(() => third.messages.length).toBe(1);
    // Two are known now, and two places are left.
    const [fourth] = [await bareSocket(at.origin), await bareSocket(at.origin)];
    expect(await second.closed).toBe(1006);
    fourth.send(init(person));
    await expect.poll(() => fourth.messages.length).toBe(1);
    // One is left of all four.
    const [waiting, last] = [await bareSocket(at.origin), await bareSocket(at.origin)];
    expect(await waiting.closed).toBe(1006);
    expect(last.socket.readyState).toBe(last.socket.OPEN);
    expect(at.app.http.push.figures().watched).toBe(3);
    here.socket.close();
  });

  it('of streams: those that were asked for behind another answer have no place when the connection breaks', async () => {
    at = await startPushing({ connections: 2 });
    const { tokens } = await at.counterfoil.signedInAs();
    const ask = (body: unknown, authorization = '') => {
      const text = JSON.stringify(body);
      const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: text/event-stream`;
      return `${head}${authorization}\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
    };
    const stream = ask({ query: SESSION_EVENTS }, `\r\nAuthorization: Bearer ${tokens.accessToken}`);
    for (const behind of [ask({ query: 'a' }), stream]) {
      const cut = await pipelined(at.port, [stream, ...Array(20).fill(behind)]);
      expect(at.app.http.push.figures().watched).toBe(1);
      await cut();
      await expect.poll(() => at.app.http.push.figures().watched).toBe(0);
      for (const place of await Promise.all([streamOf(tokens), streamOf(tokens)])) {
        expect(place.status).toBe(200);
        place.close();
      }
      await expect.poll(() => at.app.http.push.figures().watched).toBe(0);
    }
  });

  it('of silence: who says nothing after the upgrade is sent away', async () => {
    at = await startPushing({ initMs: 100 });
    expect(await (await bareSocket(at.origin)).closed).toBe(4408);
  });

  it('of farewells: nobody keeps a place by not listening to why they are sent away', async () => {
    at = await startPushing({ initMs: 100, farewellMs: 50, strangersPerAddress: 1 });
    const subscription = { id: 'a', type: 'subscribe', payload: { query: SESSION_EVENTS } };
    const reasons: readonly (readonly [string, unknown[]])[] = [
      ['silence', []],
      ['what is no message', ['{']],
      ['a subscription without a token', [subscription]],
      ['no token', [{ type: 'connection_init' }]],
      ['more than a message may be', ['x'.repeat(20_000)]],
    ];
    let here = await bareSocket(at.origin);
    for (const [because, messages] of reasons) {
      stall(here);
      for (const message of messages) here.send(message);
      const come = async () => {
        here = await bareSocket(at.origin);
        return 'has a place';
      };
      await expect.poll(() => come().catch(String), { message: because }).toBe('has a place');
    }
  });
});

describe('a client that', () => {
  it('does not read is cut off and forgotten; others hear everything', async () => {
    at = await startPushing({ bufferBytes: 4_096 });
    const reader = await listening(await at.counterfoil.signedInAs());
    const lazy = await acknowledged(await at.counterfoil.signedInAs({ email: 'lazy@example.test' }));
    lazy.send({ id: 'a', type: 'subscribe', payload: { query: SESSION_EVENTS } });
    await expect.poll(() => at.app.http.push.figures().listeners).toBe(2);
    stall(lazy);
    let said = 0;
    while (at.app.http.push.figures().listeners > 1 && said < 200_000) {
      for (let n = 0; n < 100; n += 1, said += 1) await say(`${said} ${'x'.repeat(400)}`);
      await expect.poll(() => reader.events.length, { interval: 5, timeout: 10_000 }).toBe(said);
    }
    expect(at.app.http.push.figures()).toMatchObject({ listeners: 1, watched: 1 });
    await say('still here');
    await expect.poll(() => texts(reader).at(-1)).toBe('still here');
    lazy.socket.terminate();
  }, 120_000);

  it('vanishes without a word is noticed within two heartbeats', async () => {
    at = await startPushing({ heartbeatMs: 100 });
    const person = await at.counterfoil.signedInAs();
    const bare = await acknowledged(person);
    bare.socket.pong = () => {};
    (
      bare.socket as unknown as { _receiver: { removeAllListeners(name: string): void } }
    )._receiver.removeAllListeners('ping');
    expect(at.app.http.push.figures().watched).toBe(1);
    await expect.poll(() => at.app.http.push.figures().watched).toBe(0);
  });

  it('is there and answers is not', async () => {
    at = await startPushing({ heartbeatMs: 50 });
    const here = await listening(await at.counterfoil.signedInAs());
    await new Promise((resolve) => setTimeout(resolve, 500));
    await say('hello');
    await expect.poll(() => texts(here)).toEqual(['hello']);
  });
});

describe('a burst of events in one reading of the log', () => {
  it('is heard to its end by whoever takes it, over a socket and as an event stream', async () => {
    at = await startPushing();
    const person = await at.counterfoil.signedInAs();
    const socket = await listening(person);
    const controller = new AbortController();
    const response = await fetch(`${at.origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${person.tokens.accessToken}`,
      },
      body: JSON.stringify({ query: SESSION_EVENTS }),
      signal: controller.signal,
    });
    let streamed = 0;
    void (async () => {
      for await (const chunk of response.body ?? [])
        streamed += Buffer.from(chunk).toString().split('event: next').length - 1;
    })().catch(() => {});
    await expect.poll(() => at.app.http.push.figures().listeners).toBe(2);
    // Held back as a slow database would, so that they are read at once.
    const { audit } = at.app.parts.store;
    const after = audit.after.bind(audit);
    let hold = true;
    vi.spyOn(audit, 'after').mockImplementation(async (from, limit) => (hold ? [] : after(from, limit)));
    for (let n = 0; n < 450; n += 1) await say(`message ${n}`);
    hold = false;
    await expect.poll(() => texts(socket).length, { timeout: 10_000 }).toBe(450);
    await expect.poll(() => streamed, { timeout: 10_000 }).toBe(450);
    expect(at.app.http.push.figures()).toMatchObject({ listeners: 2, dropped: 0 });
    controller.abort();
  });
});
