/** Register, login, refresh, and what a user changes about their own account. */

import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { changePassword } from '../../account/change-password.js';
import { deleteAccount } from '../../account/delete-account.js';
import { login } from '../../account/login.js';
import { refresh } from '../../account/refresh.js';
import { register } from '../../account/register.js';
import { IDEMPOTENCY_KEY_LENGTH, isIdempotencyKey } from '../../entities/session.js';
import { authenticatedCaller, type CounterfoilContext, cookieSession, isAnothers } from '../context.js';
import { deliver, deliverAgain } from '../deliver.js';
import { badInput } from '../errors.js';
import * as inputs from '../types/inputs.js';
import { SessionNode, UserNode } from '../types/nodes.js';
import * as payloads from '../types/payloads.js';
import * as problems from '../types/problems.js';

@Resolver()
export class AccountResolver {
  @Mutation(() => payloads.RegisterPayload, {
    description: 'Makes an account and signs it in on this device.',
  })
  async register(
    @Arg('input', () => inputs.RegisterInput) input: inputs.RegisterInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.RegisterPayload> {
    const { parts, caller, presented } = context.counterfoil;
    const { name = null, deviceName = null } = input;
    const outcome = await register(
      parts,
      { ...input, name, deviceName, presentedToken: presented.cookie },
      caller,
    );
    if (outcome.kind === 'email-taken') return new problems.EmailTakenProblem();
    if (outcome.kind === 'weak-password') return new problems.WeakPasswordProblem(outcome.problems);
    if (outcome.kind === 'invalid-input') return new problems.InvalidInputProblem(outcome.problems);
    if (outcome.kind === 'throttled') return new problems.ThrottledProblem(outcome);
    const { user, session, tokens } = outcome;
    return new payloads.RegisterSuccess(
      new UserNode(user),
      new SessionNode(session, true),
      deliver(context, session, tokens),
    );
  }

  @Mutation(() => payloads.LoginPayload, { description: 'Begins a session on this device.' })
  async login(
    @Arg('input', () => inputs.LoginInput) input: inputs.LoginInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.LoginPayload> {
    const { parts, caller, presented } = context.counterfoil;
    const { deviceName = null } = input;
    const outcome = await login(parts, { ...input, deviceName, presentedToken: presented.cookie }, caller);
    if (outcome.kind === 'invalid-credentials') return new problems.InvalidCredentialsProblem();
    if (outcome.kind === 'suspended') return new problems.AccountSuspendedProblem();
    if (outcome.kind === 'throttled') return new problems.ThrottledProblem(outcome);
    const { user, session, tokens } = outcome;
    return new payloads.LoginSuccess(
      new UserNode(user),
      new SessionNode(session, true),
      deliver(context, session, tokens),
    );
  }

  @Mutation(() => payloads.RefreshPayload, { description: 'Renews the tokens of a session.' })
  async refresh(
    @Arg('input', () => inputs.RefreshInput) input: inputs.RefreshInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.RefreshPayload> {
    const { parts, caller, presented, meantFor } = context.counterfoil;
    const { refreshToken = null, idempotencyKey = null } = input;
    if (idempotencyKey !== null && !isIdempotencyKey(idempotencyKey))
      throw badInput(`"idempotencyKey" has 1 to ${IDEMPOTENCY_KEY_LENGTH} characters.`);
    if (refreshToken === null && meantFor !== null && isAnothers(context, await cookieSession(context)))
      return new problems.RefreshTokenInvalidProblem();
    const outcome = await refresh(parts, { refreshToken, idempotencyKey, presented }, caller);
    if (outcome.kind === 'invalid') return new problems.RefreshTokenInvalidProblem();
    if (outcome.kind === 'reused') return new problems.RefreshTokenReusedProblem();
    if (outcome.kind === 'ended') return new problems.SessionEndedProblem();
    if (outcome.kind === 'throttled') return new problems.ThrottledProblem(outcome);
    const { session, tokens } = outcome;
    return new payloads.RefreshSuccess(new SessionNode(session, true), deliver(context, session, tokens));
  }

  @Authorized()
  @Mutation(() => payloads.ChangePasswordPayload, {
    description: 'Changes the password and ends every other session.',
  })
  async changePassword(
    @Arg('input', () => inputs.ChangePasswordInput) input: inputs.ChangePasswordInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.ChangePasswordPayload> {
    const { parts, caller } = context.counterfoil;
    const outcome = await changePassword(parts, authenticatedCaller(context), input, caller);
    if (outcome.kind === 'invalid-credentials') return new problems.InvalidCredentialsProblem();
    if (outcome.kind === 'weak-password') return new problems.WeakPasswordProblem(outcome.problems);
    if (outcome.kind === 'throttled') return new problems.ThrottledProblem(outcome);
    const { user, survivor } = outcome;
    const tokens = survivor && deliverAgain(context, survivor.session, survivor.tokens);
    return new payloads.ChangePasswordSuccess(new UserNode(user), outcome, tokens);
  }

  @Authorized()
  @Mutation(() => payloads.DeleteAccountPayload, {
    description: 'Ends every session and removes the account.',
  })
  async deleteAccount(
    @Arg('input', () => inputs.DeleteAccountInput) input: inputs.DeleteAccountInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.DeleteAccountPayload> {
    const { parts, caller, jar } = context.counterfoil;
    const owner = authenticatedCaller(context);
    const held = await cookieSession(context);
    const outcome = await deleteAccount(parts, owner, input.password, caller);
    if (outcome.kind === 'invalid-credentials') return new problems.InvalidCredentialsProblem();
    if (outcome.kind === 'throttled') return new problems.ThrottledProblem(outcome);
    // Not the cookie of somebody else, who is still there.
    if (held === null || held.userId === owner.userId) jar.clear();
    return new payloads.DeleteAccountSuccess(outcome.accessTokensDeadBy);
  }
}
