/** nginx before a server, with the limits that it has when nobody sets any; in a folder of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../harness/free-port.js';
import { ended } from '../../harness/pinned.js';

const PLACES = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'];
const TRIES = 100;

export interface Nginx {
  readonly url: string;
  end(): Promise<void>;
}

/** Null where it is not installed. */
export async function startNginx(folder: string, backend: string): Promise<Nginx | null> {
  const binary = PLACES.find((place) => existsSync(place));
  if (binary === undefined) return null;
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port, backend));
  const child = spawn(binary, ['-p', folder, '-c', file, '-e', join(folder, 'nginx.log')], {
    stdio: 'ignore',
  });
  const stop = () => child.kill('SIGTERM');
  process.once('exit', stop);
  const url = `http://127.0.0.1:${port}`;
  const end = async () => {
    process.off('exit', stop);
    await ended(child, 'SIGTERM');
  };
  try {
    await answering(url, child);
    return { url, end };
  } catch (fault) {
    await end();
    throw fault;
  }
}

function configuration(folder: string, port: number, backend: string): string {
  // Workers give up root, and could not enter the folder then.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const buffers = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return `${user}
daemon off;
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
events { worker_connections 64; }
http {
  access_log off;
  ${buffers.join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass ${backend}; }
  }
}
`;
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < TRIES && child.exitCode === null; tries += 1) {
    const response = await fetch(url).catch(() => null);
    if (response !== null) return;
    await pause(50);
  }
  throw new Error('nginx did not start');
}
