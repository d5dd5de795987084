/** ASVS 8.1.1 and 8.1.2: the rules are written down, for every field, and the page about them is theirs. */

import { extendSchema, parse } from 'graphql';
import { expect, it } from 'vitest';
import { counterfoilSchema } from '../../../src/graphql/schema.js';
import { authorizationPage } from './page.js';
import { RULES } from './rules.js';
import { objectTypes, unruled } from './walk.js';

const schema = counterfoilSchema();

it('every field of every object type has a rule, and every rule a field', () => {
  expect(unruled(schema, RULES)).toEqual({ missing: [], stale: [] });
});

it('a new field, a new operation and a new type without a rule are found by name', () => {
  const added = parse(`
    extend type User { passwordHash: String }
    extend type Mutation { becomeOperator: Favour }
    type Favour { granted: Boolean }
  `);
  expect(unruled(extendSchema(schema, added), RULES).missing.sort()).toEqual([
    'Favour.granted',
    'Mutation.becomeOperator',
    'User.passwordHash',
  ]);
});

it('a rule whose field is gone is found by name', () => {
  const rules = { ...RULES, User: { ...RULES['User'], nickname: { who: 'receiver' as const } } };
  expect(unruled(schema, rules).stale).toEqual(['User.nickname']);
});

// A generation is none: whoever holds a refresh token reads its own in it, and `lastSeenAt` says when the last one was made.
it('no field is named like a secret', () => {
  const names = objectTypes(schema).flatMap((type) => Object.keys(type.getFields()));
  expect(names.filter((name) => /hash|salt|secret|private|epoch|hint|question/i.test(name))).toEqual([]);
});

it('docs/authorization.md is written from the rules as they are', async () => {
  await expect(authorizationPage()).toMatchFileSnapshot('../../../docs/authorization.md');
});
