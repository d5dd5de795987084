/**
 * `login`: how many a second, against argon2id alone at the production cost; and what a steady trickle of `viewer` feels
 * meanwhile. Server and yardstick have one core each time, so hashing and everything else share it: the hard case.
 */

import { load } from '../../lab/harness/load.js';
import { type Server, startServer } from '../../lab/harness/server.js';
import type { Bench, Figure, Measure } from '../measure.js';
import type { PacedFigures, PacedLoad } from '../paced-worker.js';
import { answerOf } from '../processes.js';
import { PASSWORD, registerMany, type SignedIn } from '../signed-in.js';
import type { Argon2Figures } from '../yardsticks/argon2-loop.js';

const USERS = 8;
/** Enough that the server always has a password to check, few enough that none is refused. */
const CONNECTIONS = 4;
const VIEWERS_PER_SECOND = 100;

const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { __typename
  ... on LoginSuccess { session { id } tokens { accessToken refreshToken } } } }`;

export const login: Measure = {
  name: 'login',
  async run(bench) {
    const { plan, say } = bench;
    const seconds = plan.quick ? 1 : 5;
    const { server, users } = await prepare(bench);
    const figures: Figure[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      const saying = (what: string) => say(`round ${round + 1}: ${what}`);
      saying('argon2id alone');
      const alone = await answerOf<Argon2Figures>('yardsticks/argon2-loop.ts', 'server', {
        seconds,
        password: PASSWORD,
      });
      const rawRate = alone.verifications / alone.seconds;
      saying('logins');
      const logins = await logIn(server, users, seconds);
      saying('viewer, idle');
      const idle = await trickle(server, users, seconds);
      saying('viewer while logins run');
      // The logins begin before the first viewer and end after the last.
      const background = logIn(server, users, seconds + 3);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const busy = await trickle(server, users, seconds);
      await background;
      figures.push(
        {
          budget: 'login',
          round,
          value: logins / rawRate,
          parts: [
            { what: 'argon2id alone', value: rawRate, unit: 'hashes/s' },
            { what: 'argon2id alone: at once', value: alone.parallelism, unit: 'hashes' },
            { what: '`login` over HTTP', value: logins, unit: 'requests/s' },
          ],
        },
        {
          budget: 'viewer-during-login',
          round,
          value: busy.p99 / idle.p99,
          parts: [
            { what: 'p99 of `viewer`, idle', value: idle.p99, unit: 'ms' },
            { what: 'p99 of `viewer` while logins run', value: busy.p99, unit: 'ms' },
            { what: 'median of `viewer`, idle', value: idle.p50, unit: 'ms' },
            { what: 'median of `viewer` while logins run', value: busy.p50, unit: 'ms' },
          ],
        },
      );
    }
    return figures;
  },
};

async function prepare({ folder, say, later }: Bench): Promise<{ server: Server; users: SignedIn[] }> {
  say('users sign in');
  // An empty value is an unset one: the production cost, in place of the lab's cheap one.
  const server = await startServer({ model: 'hybrid', folder, environment: { COUNTERFOIL_ARGON2: '' } });
  later(() => server.end());
  const users = await registerMany(server.url, USERS);
  await trickle(server, users, 1);
  return { server, users };
}

async function logIn({ url }: Server, users: readonly SignedIn[], seconds: number): Promise<number> {
  const requests = users.map(({ email }) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: LOGIN,
      variables: { input: { email, password: PASSWORD, delivery: 'BODY' } },
    }),
  }));
  const figures = await load({
    url,
    requests,
    connections: CONNECTIONS,
    seconds,
    expect: '"LoginSuccess"',
  });
  if (figures.bad > 0) throw new Error(`${figures.bad} logins had no good answer`);
  return figures.requestsPerSecond;
}

function trickle({ url }: Server, users: readonly SignedIn[], seconds: number): Promise<PacedFigures> {
  const options: PacedLoad = {
    url,
    seconds,
    requestsPerSecond: VIEWERS_PER_SECOND,
    bearers: users.map(({ accessToken }) => accessToken),
    body: JSON.stringify({ query: '{ viewer { id email } }' }),
    expect: '"email"',
  };
  return answerOf<PacedFigures>('paced-worker.ts', 'load', options);
}
