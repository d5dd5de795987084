import fc from 'fast-check';
import { buildSchema, getVariableValues, type OperationDefinitionNode, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withoutValues } from '../../../src/graphql/without-values.js';

const schema = buildSchema(`
  enum Delivery { COOKIE BODY }
  input Inner { password: String!, delivery: Delivery, count: Int, id: ID, flag: Boolean, ratio: Float }
  type Query { run(input: Inner!, password: String, delivery: Delivery): String }
`);
const [operation] = parse(
  'query ($input: Inner!, $password: String, $delivery: Delivery) { run(input: $input, password: $password, delivery: $delivery) }',
).definitions as [OperationDefinitionNode];

function messagesFor(variables: Record<string, unknown>): string[] {
  const { errors = [] } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  return errors.map(({ message }) => message);
}

describe('a message about a variable', () => {
  const secret = 'hunter2; at "x"; it is "secret"';

  it.each([
    ['a list', [secret]],
    ['an object', { secret }],
    ['a deep one', { a: { b: [secret, secret] } }],
  ])('does not repeat its value: %s', (_name, value) => {
    for (const variables of [
      { input: { password: value } },
      { input: { password: 'x', delivery: value } },
      { input: { password: 'x', id: value } },
      { input: { password: 'x', count: value, flag: value, ratio: value } },
      { input: value },
      { input: { password: 'x' }, password: value },
      { input: { password: 'x' }, delivery: secret },
    ]) {
      const messages = messagesFor(variables);
      expect(messages.length).toBeGreaterThan(0);
      for (const message of messages) {
        expect(withoutValues(message)).toMatch(/^Variable "\$\w+" (got an invalid value|of non-null type)/);
        expect(withoutValues(message)).not.toMatch(/hunter2|secret"/);
      }
    }
  });

  it('still says where and what was expected', () => {
    const [wrongType = ''] = messagesFor({ input: { password: 5 } });
    expect(withoutValues(wrongType)).toBe(
      'Variable "$input" got an invalid value at "input.password"; String cannot represent a non string value.',
    );
    const [outOfRange = ''] = messagesFor({ input: { password: 'x', count: 99_999_999_999 } });
    expect(withoutValues(outOfRange)).toBe(
      'Variable "$input" got an invalid value at "input.count"; Int cannot represent non 32-bit signed integer value.',
    );
    const [unknown = ''] = messagesFor({ input: { password: 'x', delivery: 'PIGEON' } });
    expect(withoutValues(unknown)).toBe(
      'Variable "$input" got an invalid value at "input.delivery"; The value does not exist in "Delivery" enum.',
    );
  });

  it('repeats no text of any value, whatever it is made of', () => {
    // Words that appear in messages anyway, or are too short to be told from them, prove nothing.
    const text = fc.string({ minLength: 6, unit: fc.constantFrom(...'qzj;:". at') });
    fc.assert(
      fc.property(text, (value) => {
        for (const variables of [
          { input: { password: [value] } },
          { input: { password: 'x', delivery: value } },
        ]) {
          for (const message of messagesFor(variables)) expect(withoutValues(message)).not.toMatch(/[qzj]/);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a message about a document', () => {
  const inDocument = (text: string) => {
    const message = (() => {
      try {
        return validate(schema, parse(text))
          .map((error) => error.message)
          .join('\n');
      } catch (fault) {
        return (fault as Error).message;
      }
    })();
    expect(message).toContain('hunter2');
    return withoutValues(message);
  };

  it.each([
    ['a text for an object', '{ run(input: "hunter2. secret") }'],
    ['a text for an enum', '{ run(input: {password: "x", delivery: "hunter2"}) }'],
    ['a text for a number', '{ run(input: {password: "x", count: "hunter2"}) }'],
    ['an object for a text', '{ run(input: {password: {a: "hunter2"}}) }'],
    ['an object for an id', '{ run(input: {password: "x", id: {a: "hunter2"}}) }'],
    ['a text without its colon', '{ run(input: {password "hunter2"}) }'],
    ['a text that is out of place', '{ run("hunter2") }'],
  ])('does not repeat the value: %s', (_name, text) => {
    expect(inDocument(text)).not.toMatch(/hunter2|secret/);
  });

  it('keeps what names a thing of the schema', () => {
    const unknown = 'Cannot query field "nothing" on type "Query".';
    expect(withoutValues(unknown)).toBe(unknown);
    expect(withoutValues('Syntax Error: Expected Name, found "}".')).toBe(
      'Syntax Error: Expected Name, found "}".',
    );
  });
});
