/** Limits, slow readers and clients that vanish: none of them harms anybody else. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { notify } from '../../../src/account/notify.js';
import type { SignedInContext } from '../../support/counterfoil.js';
import { openStream } from '../../support/event-stream.js';
import { pipelined } from '../../support/loopback.js';
import { type BareSocket, bareSocket, SESSION_EVENTS } from '../../support/socket.js';
import { startPushing } from './world.js';

let at: Awaited<ReturnType<typeof startPushing>>;

afterEach(() => at.stop());

const CONSOLE = { userId: null, caller: { ipAddress: null, clientLabel: null } };
const say = (text: string) => notify(at.app.parts, { userId: null, sessionId: null, text }, CONSOLE);
const figures = () => at.app.http.push.figures();
const init = ({ tokens }: SignedInContext) => ({
  type: 'connection_init',
  payload: { accessToken: tokens.accessToken },
});

async function acknowledged(person: SignedInContext) {
  const bare = await bareSocket(at.origin);
  bare.send(init(person));
  await expect.poll(() => bare.messages.length + Number(bare.socket.readyState > 1)).toBeGreaterThan(0);
  return bare;
}

/** Reads no more. */
function stall({ socket }: BareSocket): void {
  (socket as unknown as { _socket: { pause(): void } })._socket.pause();
}

/** One client that listens, in whatever way. */
interface Connection {
  readonly texts: () => unknown[];
  readonly closed: Promise<unknown>;
  stall(): void;
  close(): void;
}
/** A number says why it was refused: a status, or the code of the close. */
type Connect = (person: SignedInContext, query?: string) => Promise<Connection | number>;

const overSocket: Connect = async (person, query = SESSION_EVENTS) => {
  const bare = await acknowledged(person).catch(({ message }: Error) => Number(message));
  if (typeof bare === 'number') return bare;
  if (bare.messages.length === 0) return bare.closed;
  const listening = figures().listeners;
  bare.send({ id: 'a', type: 'subscribe', payload: { query } });
  await expect.poll(() => figures().listeners).toBe(listening + 1);
  return {
    texts: () =>
      bare.messages.flatMap(({ payload }) => {
        const { data } = payload as { data?: { sessionEvents: { text?: string } } };
        return data?.sessionEvents.text ?? [];
      }),
    closed: bare.closed,
    stall: () => stall(bare),
    close: () => bare.socket.terminate(),
  };
};

const overStream: Connect = async ({ tokens }, query = SESSION_EVENTS) => {
  const listening = figures().listeners;
  const stream = await openStream(at.origin, query, tokens.accessToken ?? '');
  if (stream.status !== 200) return stream.status;
  await expect.poll(() => figures().listeners).toBe(listening + 1);
  return { ...stream, texts: () => stream.events.flatMap(({ text }) => text ?? []) };
};

async function connected(connect: Connect, person: SignedInContext, query?: string): Promise<Connection> {
  const connection = await connect(person, query);
  if (typeof connection === 'number') throw new Error(`The connection came to ${connection}.`);
  return connection;
}

const TRANSPORTS = [
  ['WebSockets', overSocket, 4429],
  ['event streams', overStream, 429],
] as const;

describe('limits', () => {
  it.each(TRANSPORTS)(
    'of %s: one user may not take them all, and a full server says so',
    async (_, connect, tooMany) => {
      at = await startPushing({ connections: 4, connectionsPerUser: 2 });
      const [ada, ben, eve] = [
        await at.counterfoil.signedInAs(),
        await at.counterfoil.signedInAs({ email: 'ben@example.test' }),
        await at.counterfoil.signedInAs({ email: 'eve@example.test' }),
      ];
      const first = await connected(connect, ada);
      await connected(connect, ada);
      expect(await connect(ada)).toBe(tooMany);
      for (let n = 0; n < 2; n += 1) await connected(connect, ben);
      expect(await connect(eve)).toBe(503);
      first.close();
      await expect.poll(() => figures().watched).toBe(3);
      await connected(connect, eve);
    },
  );

  it('of subscriptions on one connection; the others go on', async () => {
    at = await startPushing({ subscriptionsPerConnection: 2 });
    const bare = await acknowledged(await at.counterfoil.signedInAs());
    for (const id of ['a', 'b', 'c'])
      bare.send({ id, type: 'subscribe', payload: { query: SESSION_EVENTS } });
    await expect
      .poll(() => bare.messages.filter(({ type }) => type === 'error'))
      .toMatchObject([{ id: 'c' }]);
    bare.send({ id: 'a', type: 'complete' });
    await expect.poll(() => figures().listeners).toBe(1);
    bare.send({ id: 'd', type: 'subscribe', payload: { query: SESSION_EVENTS } });
    await expect.poll(() => figures().listeners).toBe(2);
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
    const query = 'subscription { sessionEvents { at } }';
    const ids = Array.from({ length: 10 }, (_, n) => `${n}`);
    while (given.length < 1_000) {
      for (const id of ids) bare.send({ id, type: 'subscribe', payload: { query } });
      await expect.poll(() => figures().listeners, { interval: 1 }).toBe(ids.length);
      for (const id of ids) bare.send({ id, type: 'complete' });
      await expect.poll(() => figures().listeners, { interval: 1 }).toBe(0);
    }
    expect(figures().watched).toBe(1);
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
    expect(figures().watched).toBe(3);
    here.socket.close();
  });

  it('of streams: those that were asked for behind another answer have no place when the connection breaks', async () => {
    at = await startPushing({ connections: 2 });
    const person = await at.counterfoil.signedInAs();
    const ask = (body: unknown, authorization = '') => {
      const text = JSON.stringify(body);
      const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: text/event-stream`;
      return `${head}${authorization}\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
    };
    const stream = ask({ query: SESSION_EVENTS }, `\r\nAuthorization: Bearer ${person.tokens.accessToken}`);
    for (const behind of [ask({ query: 'a' }), stream]) {
      const cut = await pipelined(at.port, [stream, ...Array(20).fill(behind)]);
      expect(figures().watched).toBe(1);
      await cut();
      await expect.poll(() => figures().watched).toBe(0);
      const places = [await connected(overStream, person), await connected(overStream, person)];
      for (const place of places) place.close();
      await expect.poll(() => figures().watched).toBe(0);
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

/** The largest event that a document may ask for: what lies between two processes is soon full of such. */
const WIDE = `subscription {
  sessionEvents { ... on MessageEvent { ${Array.from({ length: 12 }, (_, n) => `a${n}: text`).join(' ')} } }
}`;

describe('a client that', () => {
  it.each(TRANSPORTS)(
    'does not read, of those with %s, is cut off and forgotten; others hear everything',
    async (_, connect) => {
      at = await startPushing();
      const reader = await connected(connect, await at.counterfoil.signedInAs());
      const lazy = await connected(
        connect,
        await at.counterfoil.signedInAs({ email: 'lazy@example.test' }),
        WIDE,
      );
      lazy.stall();
      let said = 0;
      while (figures().listeners > 1 && said < 10_000) {
        for (let n = 0; n < 80; n += 1, said += 1) await say(`${said} ${'漢'.repeat(490)}`);
        await expect.poll(() => reader.texts().length, { interval: 5, timeout: 10_000 }).toBe(said);
      }
      expect(figures()).toMatchObject({ listeners: 1, watched: 1, dropped: 1 });
      await say('still here');
      await expect.poll(() => reader.texts().at(-1)).toBe('still here');
      lazy.close();
    },
  );

  it('vanishes without a word is noticed within two heartbeats', async () => {
    at = await startPushing({ heartbeatMs: 100 });
    const person = await at.counterfoil.signedInAs();
    const bare = await acknowledged(person);
    bare.socket.pong = () => {};
    (
      bare.socket as unknown as { _receiver: { removeAllListeners(name: string): void } }
    )._receiver.removeAllListeners('ping');
    expect(figures().watched).toBe(1);
    await expect.poll(() => figures().watched).toBe(0);
  });

  it('is there and answers is not', async () => {
    at = await startPushing({ heartbeatMs: 50 });
    const here = await connected(overSocket, await at.counterfoil.signedInAs());
    await new Promise((resolve) => setTimeout(resolve, 300));
    await say('hello');
    await expect.poll(here.texts).toEqual(['hello']);
    here.close();
  });

  it('listens to an event stream hears at each heartbeat that it is there, and is told what comes', async () => {
    at = await startPushing({ heartbeatMs: 50 });
    const { tokens } = await at.counterfoil.signedInAs();
    const stream = await openStream(at.origin, SESSION_EVENTS, tokens.accessToken ?? '');
    // One begins it.
    await expect.poll(stream.beats).toBeGreaterThan(3);
    expect(stream.events).toEqual([]);
    await say('hello');
    await expect.poll(() => stream.events).toMatchObject([{ text: 'hello' }]);
    stream.close();
  });

  it('waits for a slow database to begin an event stream is begun by the stream, and not by a heartbeat', async () => {
    at = await startPushing({ heartbeatMs: 20 });
    const { tokens } = await at.counterfoil.signedInAs();
    const { audit } = at.app.parts.store;
    const end = audit.end.bind(audit);
    vi.spyOn(audit, 'end').mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return end();
    });
    const stream = await openStream(at.origin, SESSION_EVENTS, tokens.accessToken ?? '');
    await say('hello');
    await expect.poll(() => stream.events).toMatchObject([{ text: 'hello' }]);
    stream.close();
  });
});

describe('a burst of events in one reading of the log', () => {
  it('is heard to its end by whoever takes it, over a socket and as an event stream', async () => {
    at = await startPushing();
    const person = await at.counterfoil.signedInAs();
    const [socket, stream] = [await connected(overSocket, person), await connected(overStream, person)];
    // Held back as a slow database would, so that they are read at once.
    const { audit } = at.app.parts.store;
    const after = audit.after.bind(audit);
    let hold = true;
    vi.spyOn(audit, 'after').mockImplementation(async (from, limit) => (hold ? [] : after(from, limit)));
    for (let n = 0; n < 450; n += 1) await say(`message ${n}`);
    hold = false;
    await expect.poll(() => socket.texts().length, { timeout: 10_000 }).toBe(450);
    await expect.poll(() => stream.texts().length, { timeout: 10_000 }).toBe(450);
    expect(figures()).toMatchObject({ listeners: 2, dropped: 0 });
    socket.close();
    stream.close();
  });
});
