/**
 * Stands between a store and PostgreSQL and counts what passes, by the frames of the protocol (PostgreSQL manual,
 * chapter "Frontend/Backend Protocol"): a statement ends with CommandComplete, a round trip with ReadyForQuery. Changes
 * nothing; costs time, so time is measured without it.
 */

import { connect, createServer, type Socket } from 'node:net';

export interface Counted {
  readonly statements: number;
  readonly roundTrips: number;
}

export interface CountingProxy {
  readonly port: number;
  counted(): Counted;
  close(): Promise<void>;
}

const COMMAND_COMPLETE = 'C'.charCodeAt(0);
const EMPTY_QUERY = 'I'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);

export function startProxy(target: number): Promise<CountingProxy> {
  let [statements, roundTrips] = [0, 0];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const frames = frameReader((kind) => {
      if (kind === COMMAND_COMPLETE || kind === EMPTY_QUERY) statements += 1;
      if (kind === READY_FOR_QUERY) roundTrips += 1;
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('data', (chunk) => {
        if (one === far) frames(chunk);
        other.write(chunk);
      });
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        counted: () => ({ statements, roundTrips }),
        close: async () => {
          for (const socket of sockets) socket.destroy();
          await new Promise<void>((done) => server.close(() => done()));
        },
      });
    });
  });
}

/** Calls back with the kind of each message of the server. A message is a kind, its length in four bytes, and a body. */
export function frameReader(seen: (kind: number) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0);
  let skip = 0;
  return (chunk) => {
    let data = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    pending = Buffer.alloc(0);
    for (;;) {
      if (skip >= data.length) {
        skip -= data.length;
        return;
      }
      data = data.subarray(skip);
      skip = 0;
      if (data.length < 5) {
        pending = Buffer.from(data);
        return;
      }
      seen(data[0] ?? 0);
      skip = 1 + data.readUInt32BE(1);
    }
  };
}
