/** Holds connections to a feed until its standard input ends, and says so when all are there. */

import { createInterface } from 'node:readline';
import { follow } from './feed-reader.js';

export interface FeedLoad {
  readonly url: string;
  readonly credentials: readonly string[];
  readonly connections: number;
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { url, credentials, connections } = JSON.parse((await lines.next()).value ?? '') as FeedLoad;
for (let index = 0; index < connections; index++)
  await follow(url, credentials[index % credentials.length] ?? '');
process.stdout.write('following\n');
await lines.next();
process.exit(0);
