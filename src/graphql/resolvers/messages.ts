/** What operators say to those who are signed in. */

import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { notify } from '../../account/notify.js';
import { actorOf, type CounterfoilContext } from '../context.js';
import * as inputs from '../types/inputs.js';
import * as payloads from '../types/payloads.js';
import * as problems from '../types/problems.js';

@Resolver()
export class MessageResolver {
  @Authorized('OPERATOR')
  @Mutation(() => payloads.NotifyUserPayload, {
    description: 'Shows a message to everybody who listens at this moment, to a user, or on one device.',
  })
  async notifyUser(
    @Arg('input', () => inputs.NotifyUserInput) { userId, sessionId, text }: inputs.NotifyUserInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.NotifyUserPayload> {
    const message = { userId: userId ?? null, sessionId: sessionId ?? null, text };
    const outcome = await notify(context.counterfoil.parts, message, actorOf(context));
    if (outcome.kind === 'unusable')
      return new problems.InvalidInputProblem([{ field: 'text', message: outcome.why }]);
    if (outcome.kind === 'throttled') return new problems.ThrottledProblem(outcome);
    if (outcome.kind === 'sent') return new payloads.NotifyUserSuccess(outcome.at);
    return message.sessionId === null
      ? new problems.UserNotFoundProblem()
      : new problems.SessionNotFoundProblem();
  }
}
