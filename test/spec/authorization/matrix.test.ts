/**
 * ASVS 8.2.1 to 8.2.3: every field of every object type, by every way that a root field leads there, for every kind of
 * caller, against the rules in `rules.ts`.
 */

import { webcrypto } from 'node:crypto';
import type { ExecutionResult, GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterfoilSchema } from '../../../src/graphql/schema.js';
import { CALLERS, type Caller, OUTCOMES, type Outcome, RULES } from './rules.js';
import { documentFor, objectTypes, type Target, targets } from './walk.js';
import { createWorld, type World } from './world.js';

const schema = counterfoilSchema();
const all = targets(schema);
const NEVER_HERE = new Map([['UnsupportedByModel', 'the hybrid model supports everything']]);
const hasMlDsa = await webcrypto.subtle.generateKey({ name: 'ML-DSA-44' }, false, ['sign']).then(
  () => true,
  () => false,
);
if (hasMlDsa) NEVER_HERE.set('UnsupportedAlgorithm', 'this runtime supports every algorithm');

let world: World;
/** Fields that somebody who may was given a value of. */
const seen = new Set<string>();

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

/** The member of the root's union that a target lies behind, when it is no success. */
function payloadOf({ steps }: Target): string | null {
  const on = steps[0]?.on ?? null;
  return on === null || on.endsWith('Success') ? null : on;
}

function expected(target: Target, caller: Caller): Outcome {
  const rootType = target.operation === 'query' ? 'Query' : 'Mutation';
  const rootRule = RULES[rootType]?.[target.root];
  const rule = RULES[target.type]?.[target.field];
  if (rootRule === undefined || rule === undefined)
    throw new Error(`${target.type}.${target.field} has no rule`);
  // To provoke a refusal, nothing of the owner's is named: whoever is signed in gets it.
  const rootWho = rootRule.who === 'owner' && payloadOf(target) !== null ? 'signed in' : rootRule.who;
  const atRoot = OUTCOMES[rootWho].row[caller];
  return atRoot === 'value' ? OUTCOMES[rule.who].row[caller] : atRoot;
}

/** What the answer says of the target; notes which fields had a value. */
function outcomeOf({ errors = [], data }: ExecutionResult, target: Target): string {
  const path = [target.root, ...target.steps.map(({ field }) => field)];
  for (const error of errors) {
    const names = error.path?.filter((part) => typeof part === 'string') ?? [];
    if (names.every((name, index) => path[index] === name)) return String(error.extensions['code']);
  }
  const root = data?.[target.root] as { __typename?: string } | null | undefined;
  if (root === undefined) return 'no answer';
  if (target.operation === 'query' && root === null) return 'not found';
  const payload = target.steps[0]?.on;
  if (payload && root?.__typename !== payload) {
    return root?.__typename?.endsWith('NotFound') ? 'not found' : `${root?.__typename}`;
  }
  if (target.operation === 'mutation' && target.steps.length === 0 && root?.__typename?.endsWith('NotFound'))
    return 'not found';
  const values = target.steps.reduce<unknown[]>(
    (parents, { field }) =>
      parents.flatMap((parent) => (parent as Record<string, unknown> | null)?.[field] ?? []),
    [root].flat(),
  );
  if (values.length > 0) seen.add(`${target.type}.${target.field}`);
  return 'value';
}

describe.each(
  all
    .filter(({ steps }) => steps.length === 0)
    .map(({ operation, root }) => [`${operation} ${root}`, all.filter((t) => t.root === root)] as const),
)('%s', (_, reachable) => {
  it.each(reachable.map((target) => [`${target.type}.${target.field}`, target] as const))(
    '%s',
    async (name, target) => {
      const payload = payloadOf(target);
      if (payload !== null && NEVER_HERE.has(payload)) return void expect(RULES[target.type]).toBeDefined();
      const document = documentFor(schema, target);
      const found: Record<string, string> = {};
      const wanted: Record<string, string> = {};
      for (const caller of CALLERS) {
        wanted[caller] = expected(target, caller);
        found[caller] = outcomeOf(await world.send(caller, target.root, payload, document), target);
      }
      expect(found, `${name} by ${document}`).toEqual(wanted);
    },
  );
});

describe('subscription sessionEvents', () => {
  it.each(CALLERS)('%s', async (caller) => {
    const answer = await world.listen(caller, 'subscription { sessionEvents { at } }');
    const rule = RULES['Subscription']?.['sessionEvents'];
    const given = Symbol.asyncIterator in answer ? 'value' : answer.errors?.[0]?.extensions['code'];
    expect(given).toBe(rule && OUTCOMES[rule.who].row[caller]);
    if (Symbol.asyncIterator in answer) await answer.return(undefined);
  });
});

/** What only the subscription gives is read in `test/spec/push`. */
const isTold = (type: GraphQLObjectType) =>
  type.name === 'Subscription' || type.getInterfaces().some(({ name }) => name === 'SessionEvent');

it('every field was read by somebody who may, so that no cell passed for want of anything to read', () => {
  const fields = objectTypes(schema)
    .filter((type) => !NEVER_HERE.has(type.name) && !isTold(type))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
  expect(fields.filter((field) => !seen.has(field))).toEqual([]);
});
