/**
 * What stands before several nodes, as deploy/nginx has it: a connection for each request, nodes by turns, and the next
 * one where a node refuses the connection. What a node has been sent is sent to no other.
 */

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export interface HttpProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** `nodes` gives the addresses of all nodes at the moment, up or not. */
export async function startHttpProxy(nodes: () => readonly string[]): Promise<HttpProxy> {
  let turn = 0;
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const all = nodes();
    turn += 1;
    forward(incoming, Buffer.concat(chunks), outgoing, [
      ...all.slice(turn % all.length),
      ...all.slice(0, turn % all.length),
    ]);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  [node, ...others]: readonly string[],
): void {
  if (node === undefined) return void outgoing.writeHead(502).end();
  const { method, url = '/', headers } = incoming;
  const onwards = request(new URL(url, node), { method, headers, agent: false }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on('error', () => outgoing.destroy());
    answer.pipe(outgoing);
  });
  onwards.on('error', (fault: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }) => {
    const refused = [fault, ...(fault.errors ?? [])].some(({ code }) => code === 'ECONNREFUSED');
    if (refused) forward(incoming, body, outgoing, others);
    else if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end();
  });
  onwards.end(body);
}
