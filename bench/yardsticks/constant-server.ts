/**
 * The yardstick of the loads themselves: it answers whatever arrives with the same bytes and does not even read it, so
 * that what comes out is the most that a load can ask for. Takes each packet for one request: no load here pipelines.
 */

import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';

const { body } = JSON.parse(await text(process.stdin)) as { body: string };
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
);

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', () => socket.write(answer));
  socket.on('error', () => socket.destroy());
});
server.listen(0, 'localhost', () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`http://localhost:${port}\n`);
});
