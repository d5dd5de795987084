/**
 * The ways for their owner to end sessions. Whoever's own session ends is told to forget the cookie, but not one of a
 * session that lives on: a program in the browser may call by a token of its own beside the cookie of somebody else.
 */

import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { logout, logoutAllDevices, logoutDevice } from '../../account/logout.js';
import {
  authenticatedCaller,
  type CounterfoilContext,
  cookieSession,
  isAnothers,
  provenSessions,
} from '../context.js';
import { deliverAgain } from '../deliver.js';
import { unauthenticated } from '../errors.js';
import * as inputs from '../types/inputs.js';
import { SessionNode } from '../types/nodes.js';
import * as payloads from '../types/payloads.js';
import * as problems from '../types/problems.js';

@Resolver()
export class LogoutResolver {
  @Mutation(() => payloads.LogoutSuccess, {
    description:
      'Ends this session. A browser whose access token has expired is logged out by its cookie alone.',
  })
  async logout(@Ctx() context: CounterfoilContext): Promise<payloads.LogoutSuccess> {
    const { parts, caller, presented, jar } = context.counterfoil;
    const held = await cookieSession(context);
    const keepsCookie = isAnothers(context, held);
    const owners = provenSessions(context, keepsCookie ? null : held);
    if (owners.length === 0 && (presented.cookie === null || keepsCookie)) authenticatedCaller(context);
    const ended = await Promise.all(owners.map((owner) => logout(parts, owner, caller)));
    if (!keepsCookie) jar.clear();
    return new payloads.LogoutSuccess(ended[0]?.accessTokensDeadBy ?? parts.model.accessTokensDeadBy());
  }

  @Authorized()
  @Mutation(() => payloads.LogoutDevicePayload, { description: 'Ends one of your sessions.' })
  async logoutDevice(
    @Arg('input', () => inputs.LogoutDeviceInput) { sessionId }: inputs.LogoutDeviceInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.LogoutDevicePayload> {
    const { parts, caller, jar } = context.counterfoil;
    const owner = authenticatedCaller(context);
    const held = await cookieSession(context);
    const outcome = await logoutDevice(parts, owner, sessionId, caller);
    if (outcome.kind === 'not-found') return new problems.SessionNotFoundProblem();
    if (outcome.kind === 'unsupported') return new problems.UnsupportedByModelProblem(outcome.why);
    const { id } = outcome.session;
    if (id === owner.sessionId && (held === null || held.sessionId === id)) jar.clear();
    return new payloads.LogoutDeviceSuccess(new SessionNode(outcome.session), outcome.accessTokensDeadBy);
  }

  @Authorized()
  @Mutation(() => payloads.LogoutAllDevicesPayload, {
    description: 'Ends all your sessions, or all but this one.',
  })
  async logoutAllDevices(
    @Arg('input', () => inputs.LogoutAllDevicesInput, { nullable: true })
    input: inputs.LogoutAllDevicesInput | null,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.LogoutAllDevicesPayload> {
    const { parts, caller, jar } = context.counterfoil;
    const exceptCurrent = input?.exceptCurrent ?? false;
    const owner = authenticatedCaller(context);
    const held = await cookieSession(context);
    const outcome = await logoutAllDevices(parts, owner, exceptCurrent, caller);
    if (outcome === null) throw unauthenticated('session-unknown');
    if (outcome.kind === 'unsupported') return new problems.UnsupportedByModelProblem(outcome.why);
    if (outcome.kind === 'throttled') return new problems.ThrottledProblem(outcome);
    const { survivor, accessTokensDeadBy, sessionsEnded } = outcome;
    if (survivor === null && (held === null || held.userId === owner.userId)) jar.clear();
    const tokens = survivor && deliverAgain(context, survivor.session, survivor.tokens);
    return new payloads.LogoutAllDevicesSuccess(accessTokensDeadBy, sessionsEnded, tokens);
  }
}
