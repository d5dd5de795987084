/** What a growing credential costs, and where it is cut off. The limits' part is in `token-size-limits.ts`. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Findings, Reading, Table, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { count, milliseconds, NOT_MEASURED, percent, perSecond, plain, ranged } from './amounts.js';
import { curves, points } from './curves.js';
import { type Growth, growthOf } from './token-size-growth.js';
import { limitsTable, tightest } from './token-size-limits.js';
import { unmeasured } from './unmeasured.js';

const KIND_NAMES = { jwt: 'claims in a JWT', row: 'claims in a row' } as const;

export const reading: Reading = {
  experiment: 'token-size',
  claim:
    'A token is larger than a session id, travels with every request, and grows with every claim that is put into it.',
  method:
    'The real server, with an issuer of 0 to 4,096 bytes more than usual: `iss` is the one claim of its tokens that a deployment can make as large as it likes, so it stands for any. 500 clients ask `viewer` with what each model gives them. Because this server remembers tokens that it has verified, two bare servers were measured besides, as yardsticks: one verifies a JWT with as many bytes of claims on each request (`jose`), the other finds as many bytes in a row of SQLite that an opaque id names. Then larger and larger headers were sent to this server, to a bare one of Node.js, and through nginx, and larger and larger cookies were set in Chromium, until something refused.',
  read: (results) => {
    const facts = factsOf(results);
    return facts === null ? UNMEASURED : findings(results, facts);
  },
};

const UNMEASURED = unmeasured(
  'The credentials of the stateful and the stateless model were not both measured, small and large.',
);

interface Facts {
  readonly most: number;
  readonly bearer: Readonly<Record<'stateful' | 'stateless', Growth>>;
  readonly verdict: Verdict;
}

function factsOf(results: Results): Facts | null {
  const [stateful, stateless] = [
    growthOf(results, 'bearer', 'stateful'),
    growthOf(results, 'bearer', 'stateless'),
  ];
  if (stateful === null || stateless === null) return null;
  const larger = stateless.base > stateful.base;
  const grows = stateless.slope > stateful.slope;
  return {
    most: Number(results.levels('bearer', 'claims').at(-1)),
    bearer: { stateful, stateless },
    verdict: larger && grows ? 'holds' : larger || grows ? 'depends' : 'fails',
  };
}

function findings(results: Results, { most, bearer, verdict }: Facts): Findings {
  const { stateful, stateless } = bearer;
  const slower = MODELS.map((model) => `${model} ${kept(results, { metric: 'throughput', model }, most)}`);
  const bare = (['jwt', 'row'] as const).map((kind) => {
    const query = { metric: 'yardstick throughput', factors: { kind } };
    return `${KIND_NAMES[kind]} ${kept(results, query, most)}`;
  });
  return {
    verdict,
    because: `The session id has ${count(stateful.base)} bytes, the access token ${count(stateless.base)}; each byte of claims adds ${plain(stateless.slope)} to the token and ${plain(stateful.slope)} to the id. With ${count(most)} bytes of claims, throughput of the real server was, of that without: ${slower.join(', ')}; of the bare servers: ${bare.join(', ')}.`,
    tables: [
      table(results, 'bearer', 'Bytes that go along with each request, by bytes of claims added', count),
      table(results, 'cookie', "Bytes of a browser's cookie", count),
      table(results, 'throughput', 'Requests per second, real server', perSecond),
      table(results, 'p99', 'p99, real server', milliseconds),
      yardsticks(results),
      limitsTable(results),
    ],
    figures: [
      curves({
        name: 'token-size-bytes',
        title: 'Bytes that go along with each request',
        description:
          'Bytes of the credential over bytes of claims added, a line for each model. Stateless and hybrid send the same token to the API.',
        x: { label: 'claims added (bytes)' },
        y: { label: 'credential (bytes)' },
        points: MODELS.flatMap((model) =>
          points(results, model, { metric: 'bearer', model, factor: 'claims' }),
        ),
      }),
      curves({
        name: 'token-size-throughput',
        title: 'Throughput of the real server as claims grow',
        description: 'Requests per second over bytes of claims added, a line for each model.',
        x: { label: 'claims added (bytes)' },
        y: { label: 'throughput (requests/s)' },
        points: MODELS.flatMap((model) =>
          points(results, model, { metric: 'throughput', model, factor: 'claims' }),
        ),
      }),
      curves({
        name: 'token-size-yardsticks',
        title: 'Throughput of bare servers, as a yardstick: claims in a JWT against claims in a row',
        description:
          'Requests per second over bytes of claims, one line for a bare server that verifies a JWT on each request, one for a bare server that looks a row up.',
        x: { label: 'claims added (bytes)' },
        y: { label: 'throughput (requests/s)' },
        points: (['jwt', 'row'] as const).flatMap((kind) =>
          points(results, KIND_NAMES[kind], {
            metric: 'yardstick throughput',
            factor: 'claims',
            factors: { kind },
          }),
        ),
      }),
    ],
    comparison: [
      { measured: 'credential sent with each request (bytes)', cells: eachModel(results, 'bearer') },
      { measured: "a browser's cookie (bytes)", cells: eachModel(results, 'cookie') },
    ],
    choose: `Put into a token what services need to decide, and nothing that they can look up. ${tightest(results)} Hybrid sends the token to the API as stateless does, so it loses the same bytes there; its cookie, which holds the refresh token, does not grow.`,
    limits:
      'Loopback has no bandwidth to speak of: over a mobile network the bytes themselves cost time, which is not measured. HTTP/2 and HTTP/3 send a repeated header as a reference, which spares most of the bytes as long as it fits into their table (4 kB by default); this is HTTP/1.1. The limits are those of default configurations, and most can be raised.',
  };
}

/** Throughput with the most claims as a share of that without. */
function kept(results: Results, query: Parameters<Results['summary']>[0], most: number): string {
  const [without, full] = [0, most].map((claims) =>
    results.summary({ ...query, factors: { ...query.factors, claims } }),
  );
  return without && full && without.median > 0 ? percent(full.median / without.median) : NOT_MEASURED;
}

function table(results: Results, metric: string, caption: string, format: (value: number) => string): Table {
  return {
    caption,
    head: ['claims added (bytes)', ...MODELS],
    rows: results
      .levels(metric, 'claims')
      .map((claims) => [
        count(Number(claims)),
        ...MODELS.map((model) => ranged(results.summary({ metric, model, factors: { claims } }), format)),
      ]),
  };
}

function yardsticks(results: Results): Table {
  const metric = 'yardstick throughput';
  return {
    caption: 'Requests per second of bare servers (yardsticks, not ours)',
    head: ['claims added (bytes)', KIND_NAMES.jwt, KIND_NAMES.row],
    rows: results
      .levels(metric, 'claims')
      .map((claims) => [
        count(Number(claims)),
        ...(['jwt', 'row'] as const).map((kind) =>
          ranged(results.summary({ metric, factors: { claims, kind } }), perSecond),
        ),
      ]),
  };
}

function eachModel(results: Results, metric: string): Readonly<Record<Model, string>> {
  const cell = (model: Model) => ranged(results.summary({ metric, model, factors: { claims: 0 } }), count);
  return { stateful: cell('stateful'), stateless: cell('stateless'), hybrid: cell('hybrid') };
}
