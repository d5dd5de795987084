/** What arrives as an upgrade and is none, is refused, or comes at a bad moment: the server goes on, and keeps no socket. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Loopback, startLoopback } from '../../support/loopback.js';

let at: Loopback;
let sockets: Socket[] = [];

beforeEach(async () => {
  at = await startLoopback();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await at.stop();
});

/** A connection that never ends from our side, and all that came over it. */
async function open(): Promise<{ socket: Socket; said: () => string }> {
  const socket = connect({ port: at.port, host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  let text = '';
  socket.on('data', (data) => {
    text += String(data);
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return { socket, said: () => text };
}

const upgrade = (path: string, to = 'websocket', more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: ${to}\r\n${more}\r\n`;
const post = (query: string, headers = '') => {
  const body = JSON.stringify({ query });
  return `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;
};
const connections = () =>
  new Promise<number>((resolve) => at.server.server.getConnections((_, count) => resolve(count)));
const isWell = async () => expect((await at.fetch('/healthz')).status).toBe(200);

describe('an upgrade', () => {
  it('behind a request that is not answered yet ends its connection, and nothing else', async () => {
    const faults: unknown[] = [];
    const note = (fault: unknown) => faults.push(fault);
    process.on('uncaughtException', note);
    try {
      const { socket } = await open();
      const ended = once(socket, 'end');
      socket.write(post('{ serverInfo { issuer } }') + upgrade('/graphql'));
      await ended;
      await isWell();
      expect(faults).toEqual([]);
    } finally {
      process.off('uncaughtException', note);
    }
  });

  it.each([
    ['to a path that is none', '/nowhere', '404'],
    ['without a subprotocol', '/graphql', '400'],
    ['of a foreign page', '/graphql', '403'],
  ])(
    '%s is answered, and its socket closed, even if the client never closes its side',
    async (what, path, status) => {
      const before = await connections();
      const { socket, said } = await open();
      const origin = what.includes('foreign') ? 'Origin: https://evil.example\r\n' : '';
      socket.write(
        upgrade(
          path,
          'websocket',
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${origin}`,
        ),
      );
      socket.write('and more that nobody reads');
      await expect.poll(said).toContain(`HTTP/1.1 ${status} `);
      await expect.poll(connections).toBe(before);
      await isWell();
    },
  );

  it('to what is no WebSocket is ignored, as a server may: the request is served, with its body', async () => {
    const { socket, said } = await open();
    const headers =
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
    const request = post('{ serverInfo { issuer } }', headers);
    // In two pieces: the body comes when the offer has been seen.
    socket.write(request.slice(0, -20));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.write(request.slice(-20));
    await expect.poll(said).toContain('"issuer"');
    expect(said()).toContain('HTTP/1.1 200 OK');
  });

  it('that breaks off in the middle harms nobody', async () => {
    for (const path of ['/graphql', '/nowhere']) {
      const { socket } = await open();
      socket.write(upgrade(path));
      socket.resetAndDestroy();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    await isWell();
  });
});
