/** Counterfoil's resolvers in a schema of somebody else, with options that we do not choose. */

import { type GraphQLSchema, graphql } from 'graphql';
import { Authorized, buildSchema, Field, ObjectType, Query, Resolver } from 'type-graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCounterfoil, type TestCounterfoil } from '../../../src/testing/index.js';

@ObjectType()
class Parcel {
  @Field(() => String)
  label = 'to Ada';

  @Authorized('OPERATOR')
  @Field(() => String, { nullable: true })
  weight = '2 kg';
}

@Resolver()
class ParcelResolver {
  @Query(() => Parcel)
  parcel(): Parcel {
    return new Parcel();
  }
}

let counterfoil: TestCounterfoil;
let schema: GraphQLSchema;
beforeAll(async () => {
  counterfoil = await startCounterfoil();
  schema = await buildSchema({
    resolvers: [...counterfoil.resolvers, ParcelResolver],
    authChecker: counterfoil.authChecker,
    validate: true,
  });
});
afterAll(() => counterfoil.stop());

test('our operations work where the embedding server validates inputs with class-validator', async () => {
  const source =
    'mutation ($input: RegisterInput!) { register(input: $input) { __typename ... on RegisterSuccess { viewer { name } } } }';
  const variableValues = { input: { email: 'ada@example.com', password: 'violet tram uphill 27' } };
  const answer = await graphql({
    schema,
    source,
    variableValues,
    contextValue: await counterfoil.anonymous(),
  });
  expect(answer.errors).toBeUndefined();
  expect(answer.data?.['register']).toEqual({ __typename: 'RegisterSuccess', viewer: { name: 'ada' } });
});

test('a guarded field of an open object is for its role only', async () => {
  const ask = async (source: string, contextValue: object) => graphql({ schema, source, contextValue });
  const operator = await counterfoil.signedInAs({}, ['OPERATOR']);
  expect((await ask('{ parcel { label weight } }', operator)).data).toEqual({
    parcel: { label: 'to Ada', weight: '2 kg' },
  });
  const user = await ask('{ parcel { label weight } }', await counterfoil.signedInAs());
  expect(user.data).toEqual({ parcel: { label: 'to Ada', weight: null } });
  expect(user.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});

test("our own schema stays free of the embedding server's types", async () => {
  const another = await startCounterfoil();
  expect(schema.getType('Parcel')).toBeDefined();
  expect(another.schema.getType('Parcel')).toBeUndefined();
  await another.stop();
});
