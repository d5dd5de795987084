/** The proxy counts messages of PostgreSQL's protocol, however the network has cut them up. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameReader } from '../../../bench/postgres/counting-proxy.js';

const message = fc.tuple(fc.constantFrom('C', 'Z', 'D', 'T', 'I'), fc.uint8Array({ maxLength: 40 }));

function framed([kind, body]: readonly [string, Uint8Array]): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, 'latin1');
  head.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

test('each message is seen once and in order, wherever the pieces begin', () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
      (messages, lengths) => {
        const stream = Buffer.concat(messages.map(framed));
        const seen: string[] = [];
        const read = frameReader((kind) => seen.push(String.fromCharCode(kind)));
        for (let at = 0, piece = 0; at < stream.length; piece++) {
          const length = lengths[piece % lengths.length] ?? 1;
          read(stream.subarray(at, at + length));
          at += length;
        }
        expect(seen).toEqual(messages.map(([kind]) => kind));
      },
    ),
  );
});
