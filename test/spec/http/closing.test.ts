/** What comes over a connection that outlives the order to stop. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startLoopback } from '../../support/loopback.js';
import { parsed } from './answers.js';

it('a request that was still arriving is told to try again, under the same protection as every answer', async () => {
  const at = await startLoopback();
  const before = await at.dump();
  const socket = connect(at.port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const accepted = once(at.server.server, 'connection');
  await once(socket, 'connect');
  await accepted;
  const body = '{"query":"mutation { logout { __typename } }"}';
  socket.write('POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n');
  // A request that is answered after ours began to arrive: by now the server has read the first part of ours.
  await at.fetch('/healthz', { headers: { connection: 'close' } });
  const closed = at.server.close();
  await expect.poll(() => at.server.server.listening).toBe(false);
  socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  await once(socket, 'close');
  await closed;
  const { status, headers, body: answer } = parsed(Buffer.concat(chunks).toString());
  expect(status).toBe(503);
  expect(JSON.parse(answer).errors[0].extensions.code).toBe('UNAVAILABLE');
  expect(headers.get('connection')).toBe('close');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await at.dump()).toEqual(before);
  await at.stop();
});

it('a connection over which nothing has come does not hold a closing server up', async () => {
  const at = await startLoopback();
  const accepted = once(at.server.server, 'connection');
  const socket = connect(at.port, '127.0.0.1');
  await once(socket, 'connect');
  await accepted;
  const closed = once(socket, 'close');
  // Else it takes until the headers are overdue, which is longer than a test may take.
  await at.server.close();
  await closed;
  await at.stop();
});
