/** A way to a database that takes longer than it need: a process of its own, so that nothing else holds it up. */

import { join } from 'node:path';
import { ended, startNode } from './pinned.js';
import { REPOSITORY } from './server.js';

export interface DelayingProxy {
  /** Of localhost; leads to the target. */
  readonly port: number;
  end(): Promise<unknown>;
}

/** Answers of the target take `delayMs` longer; whole milliseconds. */
export async function startDelayingProxy(target: number, delayMs: number): Promise<DelayingProxy> {
  const child = startNode({
    line: [join(import.meta.dirname, 'delaying-proxy-worker.mjs'), String(target), String(delayMs)],
    side: 'anywhere',
    folder: REPOSITORY,
    environment: {},
  });
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.once('exit', (code) => reject(new Error(`the proxy ended with exit code ${code}:\n${said}`)));
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
      const [, found] = /passes on by (\d+)/.exec(said) ?? [];
      if (found !== undefined) resolve(Number(found));
    });
  });
  return { port, end: () => ended(child, 'SIGKILL') };
}
