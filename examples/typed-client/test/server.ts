/** `counterfoil serve` on a free loopback port, with a database of its own that is gone afterwards. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

export interface LiveServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startServer(): Promise<LiveServer> {
  const manifest = createRequire(import.meta.url).resolve('counterfoil/package.json');
  const folder = await mkdtemp(join(tmpdir(), 'typed-client-'));
  const server = spawn(process.execPath, [join(dirname(manifest), 'dist/main.js'), 'serve'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const exited = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  const url = await saidUrl(server);
  if (url !== null) return { url, stop };
  await stop();
  throw new Error('The server ended before it served.');
}

/** Resolves to the address that the server says it serves, or to null when it ends without. */
function saidUrl({ stderr }: ChildProcessByStdio<null, null, Readable>): Promise<string | null> {
  let said = '';
  return new Promise((resolve) => {
    stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const [url] = /http:\/\/\S+\/graphql/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
    stderr.once('end', () => resolve(null));
  });
}
