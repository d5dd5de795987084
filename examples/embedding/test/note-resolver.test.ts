/** Unit tests of our resolvers: no server, no socket, no waiting. */

import { type FakeClock, startCounterfoil, type TestCounterfoil } from 'counterfoil/testing';
import { type GraphQLSchema, graphql } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NotesContext } from '../src/context.js';
import { Notes } from '../src/notes.js';
import { notesSchema } from '../src/schema.js';

let counterfoil: TestCounterfoil;
let clock: FakeClock;
let schema: GraphQLSchema;
let notes: Notes;

beforeAll(async () => {
  counterfoil = await startCounterfoil();
  clock = counterfoil.clock;
  schema = await notesSchema(counterfoil);
});
afterAll(() => counterfoil.stop());
beforeEach(() => {
  notes = new Notes();
});

/** The data, or the code of the first error. */
async function run(context: Omit<NotesContext, 'notes'>, source: string): Promise<unknown> {
  const { data, errors } = await graphql({ schema, source, contextValue: { ...context, notes } });
  return errors?.[0]?.extensions['code'] ?? JSON.parse(JSON.stringify(data));
}

const ADD = 'mutation { addNote(input: { text: "Buy milk" }) { text } }';
const READ = '{ notes { text } }';

describe('a note', () => {
  test('is written and read by whoever is signed in', async () => {
    const ada = await counterfoil.signedInAs({ email: 'ada@example.com' });
    expect(await run(ada, ADD)).toEqual({ addNote: { text: 'Buy milk' } });
    expect(await run(ada, READ)).toEqual({ notes: [{ text: 'Buy milk' }] });
    expect(notes.of(ada.user.id, 1)).toHaveLength(1);
  });

  test('is hidden from others, who cannot remove it either', async () => {
    const ada = await counterfoil.signedInAs({ email: 'ada@example.com' });
    const bob = await counterfoil.signedInAs({ email: 'bob@example.com' });
    await run(ada, ADD);
    expect(await run(bob, READ)).toEqual({ notes: [] });
    expect(await run(bob, 'mutation { removeNote(id: "1") }')).toEqual({ removeNote: false });
    expect(await run(ada, 'mutation { removeNote(id: "1") }')).toEqual({ removeNote: true });
  });

  test('is not for anonymous callers, who may read the motto', async () => {
    const nobody = await counterfoil.anonymous();
    expect(await run(nobody, READ)).toBe('UNAUTHENTICATED');
    expect(await run(nobody, ADD)).toBe('UNAUTHENTICATED');
    expect(await run(nobody, '{ motto }')).toEqual({ motto: 'Write it down.' });
    expect(notes.count().notes).toBe(0);
  });
});

describe('statistics', () => {
  const STATISTICS = '{ noteStatistics { notes authors } }';

  test('are for operators', async () => {
    const operator = await counterfoil.signedInAs({}, ['USER', 'OPERATOR']);
    await run(operator, ADD);
    expect(await run(operator, STATISTICS)).toEqual({ noteStatistics: { notes: 1, authors: 1 } });
  });

  test('are forbidden to other users, and need a sign-in', async () => {
    expect(await run(await counterfoil.signedInAs(), STATISTICS)).toBe('FORBIDDEN');
    expect(await run(await counterfoil.anonymous(), STATISTICS)).toBe('UNAUTHENTICATED');
  });
});

describe('a signed-in user', () => {
  test('is one no longer when the access token has expired', async () => {
    const { tokens } = await counterfoil.signedInAs();
    clock.advance(tokens.accessTokenExpiresAt - clock.now() - 1);
    expect(await run(await counterfoil.withToken(tokens.accessToken), READ)).toEqual({ notes: [] });
    clock.advance(1);
    expect(await run(await counterfoil.withToken(tokens.accessToken), READ)).toBe('UNAUTHENTICATED');
  });

  test('is one no longer after logging out, by way of the same schema', async () => {
    const ada = await counterfoil.signedInAs({ email: 'ada@example.com' });
    const before = await counterfoil.withToken(ada.tokens.accessToken);
    await run(ada, 'mutation { logout { accessTokensDeadBy } }');
    expect(await run(before, READ)).toEqual({ notes: [] }); // who calls was settled when the request came
    expect(await run(await counterfoil.withToken(ada.tokens.accessToken), READ)).toBe('UNAUTHENTICATED');
  });
});
