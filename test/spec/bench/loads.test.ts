/** What the loads and the profiles rest on: answers read whole however they arrive, and time counted where it was spent. */

import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type CpuProfile, placeOf, selfTimes, sumBy } from '../../../bench/profile-reading.js';
import { Wire } from '../../../bench/wire.js';

/** A server that sends these pieces, apart from one another, for each request. */
async function answering(pieces: readonly string[]): Promise<{ url: string; close: () => void }> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', async () => {
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

describe('a connection of a load', () => {
  test('reads an answer that comes in pieces, and the next one on the same connection', async () => {
    const server = await answering(['HTTP/1.1 200 OK\r\nContent-Le', 'ngth: 7\r\n\r', '\n{"é', '":1}']);
    const wire = await Wire.open(server.url);
    expect(await wire.post('{}')).toEqual({ status: 200, body: '{"é":1' });
    wire.close();
    server.close();
  });

  test('says so where an answer has no length, and where the connection ends', async () => {
    const server = await answering(['HTTP/1.1 200 OK\r\n\r\n']);
    const wire = await Wire.open(server.url);
    await expect(wire.post('{}')).rejects.toThrow('without a length');
    const other = await Wire.open(server.url);
    const waiting = other.post('{}');
    other.close();
    await expect(waiting).rejects.toThrow();
    server.close();
  });

  test('carries one request at a time', async () => {
    const server = await answering(['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok']);
    const wire = await Wire.open(server.url);
    const first = wire.post('{}');
    expect(wire.idle).toBe(false);
    await expect(wire.post('{}')).rejects.toThrow('still to come');
    expect((await first).body).toBe('ok');
    expect((await wire.post('{}')).body).toBe('ok');
    wire.close();
    server.close();
  });
});

describe('a profile', () => {
  const frame = (functionName: string, url: string) => ({
    functionName,
    url,
    lineNumber: 0,
    columnNumber: 0,
  });
  const profile: CpuProfile = {
    nodes: [
      { id: 1, callFrame: frame('start', 'file:///app/dist/none.js') },
      { id: 2, callFrame: frame('', 'file:///app/node_modules/@apollo/server/dist/index.js') },
      { id: 3, callFrame: frame('(idle)', '') },
    ],
    startTime: 1_000,
    samples: [1, 2, 3, 2, 1],
    timeDeltas: [100, 100, 100, 100, 100],
  };

  test('is counted between two instants and no further', () => {
    const sums = sumBy(selfTimes(profile, 1_150, 1_400), ({ frame }) => frame.functionName);
    expect(Object.fromEntries(sums)).toEqual({ '': 200, '(idle)': 100 });
  });

  test('names packages, parts of Node, and files', () => {
    const places = profile.nodes.map(({ callFrame }) => placeOf(callFrame, '/app'));
    expect(places).toEqual([
      { place: 'dist/none.js', name: 'start' },
      { place: '@apollo/server', name: '(anonymous)' },
      { place: 'V8 and native code', name: '(idle)' },
    ]);
    expect(placeOf(frame('read', 'node:fs'), '/app').place).toBe('node:fs');
    expect(placeOf(frame('get', 'file:///app/node_modules/drizzle-orm/a/b.js'), '/app').place).toBe(
      'drizzle-orm',
    );
  });
});
