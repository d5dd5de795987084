/**
 * The load of `refresh`: each connection is one signed-in client that refreshes as soon as it has its answer, with the
 * refresh token that it was given last and a new idempotency key each time.
 */

import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Wire } from './wire.js';

export interface RefreshLoad {
  readonly url: string;
  /** A client each. */
  readonly refreshTokens: readonly string[];
  readonly seconds: number;
}

export interface RefreshFigures {
  readonly refreshes: number;
  readonly seconds: number;
  /** What the clients hold now, in their order. */
  readonly refreshTokens: readonly string[];
}

const QUERY =
  'mutation ($input: RefreshInput!) { refresh(input: $input) { __typename ... on RefreshSuccess { tokens { accessToken refreshToken } } } }';

const { url, refreshTokens, seconds } = JSON.parse(await text(process.stdin)) as RefreshLoad;

/** Another keyed refresh without a new draw: a running number behind a random text is as good a key here. */
const client = randomUUID();
let refreshes = 0;

async function refreshInTurn(first: string, until: number): Promise<string> {
  const wire = await Wire.open(url);
  let refreshToken = first;
  while (performance.now() < until) {
    const idempotencyKey = `${client}-${refreshes++}`;
    const { status, body } = await wire.post(
      JSON.stringify({ query: QUERY, variables: { input: { refreshToken, idempotencyKey } } }),
    );
    const [, next] = /"refreshToken":"([^"]+)"/.exec(body) ?? [];
    if (next === undefined) throw new Error(`a refresh was answered ${status}: ${body}`);
    refreshToken = next;
  }
  wire.close();
  return refreshToken;
}

const began = performance.now();
const held = await Promise.all(refreshTokens.map((token) => refreshInTurn(token, began + seconds * 1000)));
const figures: RefreshFigures = {
  refreshes,
  seconds: (performance.now() - began) / 1000,
  refreshTokens: held,
};
process.stdout.write(JSON.stringify(figures));
