/**
 * What stands before the nodes of a farm: hands each new connection to one of those that are up, by turns, and knows
 * nothing of HTTP. A connection whose node is gone ends, as it would behind any balancer of this kind.
 */

import { connect, createServer, type Socket } from 'node:net';

export interface Balancer {
  readonly url: string;
  /** Cuts every connection that is open. */
  cut(): void;
  close(): Promise<void>;
}

/** `ports` gives those that are up at the moment. */
export async function startBalancer(ports: () => readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer((client) => {
    const up = ports();
    const port = up[turn++ % Math.max(1, up.length)];
    if (port === undefined) return void client.destroy();
    const node = connect({ port, host: 'localhost' });
    for (const [one, other] of [
      [client, node],
      [node, client],
    ] as const) {
      open.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://localhost:${port}`,
    cut: () => {
      for (const socket of open) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
