/** Expected refusals, as types that clients select on. */

import { Field, Int, InterfaceType, ObjectType } from 'type-graphql';
import type { FieldProblem, Throttled } from '../../entities/outcomes.js';

@InterfaceType({ description: 'An expected refusal. Its type says which; its message is for people.' })
abstract class UserError {
  @Field(() => String)
  message: string;

  constructor(message: string) {
    this.message = message;
  }
}

@ObjectType('Throttled', {
  implements: UserError,
  description: 'Too much of this for now. Nothing was done.',
})
export class ThrottledProblem extends UserError {
  @Field(() => Int, { description: 'Seconds after which to try again.' })
  retryAfter: number;

  constructor({ retryAfterSeconds }: Throttled) {
    super(`Too many attempts. Try again in ${retryAfterSeconds} seconds.`);
    this.retryAfter = retryAfterSeconds;
  }
}

@ObjectType('EmailTaken', {
  implements: UserError,
  description: 'The address belongs to an account already.',
})
export class EmailTakenProblem extends UserError {
  constructor() {
    super('An account with this email address exists already.');
  }
}

@ObjectType('WeakPassword', { implements: UserError, description: 'The password is too easy to guess.' })
export class WeakPasswordProblem extends UserError {
  @Field(() => [String], { description: 'Every reason, as a sentence each.' })
  reasons: string[];

  constructor(reasons: readonly string[]) {
    super(reasons.join(' '));
    this.reasons = [...reasons];
  }
}

@ObjectType({ description: 'What is wrong with one field of an input.' })
export class InputProblem {
  @Field(() => String)
  field: string;

  @Field(() => String)
  message: string;

  constructor({ field, message }: FieldProblem) {
    this.field = field;
    this.message = message;
  }
}

@ObjectType('InvalidInput', {
  implements: UserError,
  description: 'Some fields of the input cannot be used.',
})
export class InvalidInputProblem extends UserError {
  @Field(() => [InputProblem])
  problems: InputProblem[];

  constructor(problems: readonly FieldProblem[]) {
    super(problems.map(({ message }) => message).join(' '));
    this.problems = problems.map((problem) => new InputProblem(problem));
  }
}

@ObjectType('InvalidCredentials', {
  implements: UserError,
  description: 'Wrong address or password; which, is not said.',
})
export class InvalidCredentialsProblem extends UserError {
  constructor() {
    super('The email address or the password is wrong.');
  }
}

@ObjectType('AccountSuspended', {
  implements: UserError,
  description: 'The password is right, but the account is suspended.',
})
export class AccountSuspendedProblem extends UserError {
  constructor() {
    super('This account is suspended.');
  }
}

@ObjectType('RefreshTokenInvalid', {
  implements: UserError,
  description: 'Missing, malformed, or not from this server. Nothing has changed, and no session has ended.',
})
export class RefreshTokenInvalidProblem extends UserError {
  constructor() {
    super('This is not a refresh token of this server.');
  }
}

@ObjectType('RefreshTokenReused', {
  implements: UserError,
  description:
    'The token had been used before, by somebody else as far as can be told: its session has been ended.',
})
export class RefreshTokenReusedProblem extends UserError {
  constructor() {
    super('This refresh token was used before. The session has been ended for safety; sign in again.');
  }
}

@ObjectType('SessionEnded', { implements: UserError, description: 'The session is over: sign in again.' })
export class SessionEndedProblem extends UserError {
  constructor() {
    super('This session has ended. Sign in again.');
  }
}

@ObjectType('SessionNotFound', {
  implements: UserError,
  description: 'No live session of yours has this id.',
})
export class SessionNotFoundProblem extends UserError {
  constructor() {
    super('No such session.');
  }
}

@ObjectType('UserNotFound', { implements: UserError })
export class UserNotFoundProblem extends UserError {
  constructor() {
    super('No such user.');
  }
}

@ObjectType('SigningKeyNotFound', { implements: UserError })
export class SigningKeyNotFoundProblem extends UserError {
  constructor() {
    super('No such signing key.');
  }
}

@ObjectType('VerifierNotFound', {
  implements: UserError,
  description: 'No verifier has this id, or it was withdrawn before.',
})
export class VerifierNotFoundProblem extends UserError {
  constructor() {
    super('No such verifier.');
  }
}

@ObjectType('UnsupportedAlgorithm', {
  implements: UserError,
  description: 'This runtime cannot sign with the algorithm.',
})
export class UnsupportedAlgorithmProblem extends UserError {
  constructor(algorithm: string) {
    super(`This server's runtime does not support ${algorithm}.`);
  }
}

@ObjectType('UnsupportedByModel', {
  implements: UserError,
  description: 'The session model of this server cannot do it.',
})
export class UnsupportedByModelProblem extends UserError {
  constructor(why: string) {
    super(why);
  }
}
