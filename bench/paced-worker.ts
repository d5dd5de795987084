/**
 * A load far below what the server can bear, at a steady pace: the latencies are then the server's own and not those of
 * a queue that the load has made. A request is sent at its time whether or not the last has been answered.
 */

import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../lab/harness/statistics.js';
import { Wire } from './wire.js';

export interface PacedLoad {
  readonly url: string;
  readonly body: string;
  /** Sent in turn. */
  readonly bearers: readonly string[];
  readonly requestsPerSecond: number;
  readonly seconds: number;
  /** A part of every good answer. */
  readonly expect: string;
}

export interface PacedFigures {
  readonly answers: number;
  /** Milliseconds from the moment of sending. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

const { url, body, bearers, requestsPerSecond, seconds, expect } = JSON.parse(
  await text(process.stdin),
) as PacedLoad;

const wires: Wire[] = [];
const latencies: number[] = [];

async function send(bearer: string): Promise<void> {
  let wire = wires.find(({ idle }) => idle);
  if (wire === undefined) {
    wire = await Wire.open(url);
    wires.push(wire);
  }
  const sent = performance.now();
  const answer = await wire.post(body, bearer);
  latencies.push(performance.now() - sent);
  if (answer.status !== 200 || !answer.body.includes(expect))
    throw new Error(`a request was answered ${answer.status}: ${answer.body}`);
}

for (let open = 0; open < 8; open++) wires.push(await Wire.open(url));
const began = performance.now();
const sending: Promise<void>[] = [];
for (let sent = 0; sent < requestsPerSecond * seconds; sent++) {
  const wait = began + (sent * 1000) / requestsPerSecond - performance.now();
  if (wait > 0) await pause(wait);
  sending.push(send(bearers[sent % bearers.length] ?? ''));
}
await Promise.all(sending);
for (const wire of wires) wire.close();
latencies.sort((a, b) => a - b);
const figures: PacedFigures = {
  answers: latencies.length,
  p50: quantile(latencies, 0.5),
  p99: quantile(latencies, 0.99),
  most: latencies.at(-1) ?? Number.NaN,
};
process.stdout.write(JSON.stringify(figures));
