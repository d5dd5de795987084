/**
 * The yardstick of `login`: argon2id and nothing else, at the cost and with the parallelism that a server without
 * configuration has on the cores it is given.
 */

import { text } from 'node:stream/consumers';
import { hash, verify } from 'argon2';
import { readEnvironment } from '../../src/config/environment.js';

export interface Argon2Figures {
  readonly verifications: number;
  readonly seconds: number;
  readonly parallelism: number;
}

const { seconds, password } = JSON.parse(await text(process.stdin)) as { seconds: number; password: string };
const read = readEnvironment({});
if (read.kind === 'bad') throw new Error('the default configuration cannot be used');
const { cost, concurrency } = read.config.passwords;
const stored = await hash(password, {
  memoryCost: cost.memoryKiB,
  timeCost: cost.iterations,
  parallelism: cost.parallelism,
});

const began = performance.now();
const until = began + seconds * 1000;
let verifications = 0;
async function verifyInTurn(): Promise<void> {
  while (performance.now() < until) {
    if (!(await verify(stored, password))) throw new Error('the password does not match');
    verifications += 1;
  }
}
await Promise.all(Array.from({ length: concurrency }, verifyInTurn));
const figures: Argon2Figures = {
  verifications,
  seconds: (performance.now() - began) / 1000,
  parallelism: concurrency,
};
process.stdout.write(JSON.stringify(figures));
