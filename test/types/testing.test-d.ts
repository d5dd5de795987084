/** What compiles against `counterfoil/testing`, and what must not. Checked as `library.test-d.ts` is. */

import type { ExecutionResult } from 'graphql';
import type { Clock, Counterfoil, CounterfoilContext, Session, User } from '../../src/index.js';
import {
  type FakeClock,
  fakeClock,
  type SignedInContext,
  startCounterfoil,
  TEST_PASSWORD,
  type TestCounterfoil,
} from '../../src/testing/index.js';

declare function expectType<Expected>(value: Expected): void;

export async function startsWithoutArguments(): Promise<void> {
  expectType<TestCounterfoil>(await startCounterfoil());
  await startCounterfoil({ settings: { accessTtl: 60 }, clock: fakeClock(0) });
  // @ts-expect-error settings are checked as in production
  await startCounterfoil({ settings: { accesTtl: 60 } });
  // @ts-expect-error time that goes by itself would make tests depend on the machine: it must be a fake clock
  await startCounterfoil({ clock: { now: () => 0, monotonic: () => 0 } });
  expectType<string>(TEST_PASSWORD);
}

export async function signsIn(counterfoil: TestCounterfoil): Promise<void> {
  const ada = await counterfoil.signedInAs({ email: 'ada@example.com', delivery: 'cookie' }, ['USER']);
  expectType<SignedInContext>(ada);
  expectType<CounterfoilContext>(ada);
  expectType<User>(ada.user);
  expectType<Session>(ada.session);
  expectType<string>(ada.tokens.accessToken);
  // @ts-expect-error a session model may have no refresh token
  expectType<string>(ada.tokens.refreshToken);
  await counterfoil.signedInAs();
  await counterfoil.signedInAs(ada.user);
  // @ts-expect-error there is no such role
  await counterfoil.signedInAs({}, ['ADMIN']);
  // @ts-expect-error by cookie or in the body
  await counterfoil.signedInAs({ delivery: 'header' });
  // @ts-expect-error a person is an object, so that more can be said of them
  await counterfoil.signedInAs('ada@example.com');
}

export async function runs(counterfoil: TestCounterfoil): Promise<void> {
  expectType<ExecutionResult>(await counterfoil.run('{ viewer { id } }', await counterfoil.anonymous()));
  await counterfoil.run('query ($id: ID) { session(id: $id) { id } }', await counterfoil.withToken(''), {
    id: 'none',
  });
  // @ts-expect-error who asks has to be said, even if it is nobody
  await counterfoil.run('{ viewer { id } }');
}

export function standsInForTheRealOne(counterfoil: TestCounterfoil, clock: FakeClock): void {
  expectType<Counterfoil>(counterfoil);
  expectType<Clock>(clock);
  expectType<FakeClock>(counterfoil.clock);
  clock.advance(60_000);
  // @ts-expect-error by how much?
  clock.advance();
}
