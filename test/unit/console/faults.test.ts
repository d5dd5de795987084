/** Whoever waits for an answer is told what went wrong, and of the server only what the server has said. */

import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../console/src/data/faults.js';
import { ClientError, type ClientErrorKind } from '../../../src/client/index.js';

const KINDS = Object.keys({
  unreachable: 1,
  unavailable: 1,
  storage: 1,
  'session-changed': 1,
  graphql: 1,
} satisfies Record<ClientErrorKind, 1>) as ClientErrorKind[];

describe('a request that came to nothing', () => {
  test('is said in words of its own for each kind, and refused by the server only where it has refused', () => {
    const titles = KINDS.map((kind) => faultOf(new ClientError(kind, 'for programs')).title);

    expect(new Set(titles).size).toBe(KINDS.length);
    expect(KINDS.filter((_, index) => titles[index] === 'The server refused')).toEqual(['graphql']);
  });

  test('can be tried again, but not as somebody else', () => {
    const once = KINDS.filter((kind) => !faultOf(new ClientError(kind, 'for programs')).canRetry);

    expect(once).toEqual(['session-changed']);
  });
});
