import { getIntrospectionQuery, graphqlSync, validateSchema } from 'graphql';
import { expect, it } from 'vitest';
import { counterfoilSchema } from '../../../src/graphql/schema.js';

// The server builds it without this check, since it would run at every start.
it('is a valid schema, and can be introspected', () => {
  const schema = counterfoilSchema();
  expect(validateSchema(schema)).toEqual([]);
  expect(graphqlSync({ schema, source: getIntrospectionQuery() }).errors).toBeUndefined();
});
