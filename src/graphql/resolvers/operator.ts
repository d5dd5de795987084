/** What operators may read and do. Every field here needs the role OPERATOR. */

import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { endUserSessions, reinstateUser, suspendUser } from '../../account/operate.js';
import { revokeSigningKey, rotateSigningKey } from '../../account/signing-keys.js';
import { AUDIT_KINDS, type AuditKind } from '../../entities/audit.js';
import { isIdentifier, type UserId } from '../../entities/identifier.js';
import { readReason } from '../../entities/reason.js';
import { actorOf, type CounterfoilContext } from '../context.js';
import { badInput } from '../errors.js';
import { PageArgs, pageRequest } from '../types/connections.js';
import { ServerFigures } from '../types/figures.js';
import * as inputs from '../types/inputs.js';
import { SigningKeyPolicy } from '../types/key-policy.js';
import { AuditConnection, SigningKeyNode, UserConnection, UserNode } from '../types/nodes.js';
import * as payloads from '../types/payloads.js';
import * as problems from '../types/problems.js';

/** No address is longer, and no name. */
const MAX_SEARCH = 254;

@Resolver()
export class OperatorResolver {
  @Authorized('OPERATOR')
  @Query(() => UserNode, { nullable: true, description: 'The user of that id.' })
  async user(
    @Arg('id', () => ID) id: string,
    @Ctx() { counterfoil }: CounterfoilContext,
  ): Promise<UserNode | null> {
    const user = isIdentifier(id) ? await counterfoil.parts.store.users.find(id as UserId) : null;
    return user && new UserNode(user);
  }

  @Authorized('OPERATOR')
  @Query(() => UserConnection.type, { description: 'All users, newest first.' })
  async users(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('search', () => String, { nullable: true, description: 'A part of the address or name.' }) search:
      | string
      | null,
    @Ctx() { counterfoil }: CounterfoilContext,
  ) {
    if (search && search.length > MAX_SEARCH)
      throw badInput(`"search" has at most ${MAX_SEARCH} characters.`);
    return UserConnection.from(await counterfoil.parts.store.users.list(pageRequest(page), search || null));
  }

  @Authorized('OPERATOR')
  @Query(() => [SigningKeyNode], { description: 'The key ring, newest first.' })
  signingKeys(@Ctx() { counterfoil }: CounterfoilContext): SigningKeyNode[] {
    const keys = [...counterfoil.parts.keyring.ring.keys()].sort((a, b) => b.publishedAt - a.publishedAt);
    return keys.map((key) => new SigningKeyNode(key));
  }

  @Authorized('OPERATOR')
  @Query(() => SigningKeyPolicy, { description: 'By which times keys are rotated and retired.' })
  signingKeyPolicy(@Ctx() { counterfoil }: CounterfoilContext): SigningKeyPolicy {
    return new SigningKeyPolicy(counterfoil.parts.keyring.policy);
  }

  @Authorized('OPERATOR')
  @Query(() => AuditConnection.type, { description: 'What happened, newest first.' })
  async auditLog(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('userId', () => ID, { nullable: true }) userId: string | null,
    @Arg('kind', () => String, { nullable: true }) kind: string | null,
    @Ctx() { counterfoil }: CounterfoilContext,
  ) {
    if (typeof kind === 'string' && !AUDIT_KINDS.includes(kind as AuditKind))
      throw badInput(`"kind" is one of: ${AUDIT_KINDS.join(', ')}.`);
    if (typeof userId === 'string' && !isIdentifier(userId)) throw badInput('"userId" is not a user id.');
    const filter = { userId: (userId as UserId | null) ?? null, kind: (kind as AuditKind | null) ?? null };
    return AuditConnection.from(await counterfoil.parts.store.audit.list(filter, pageRequest(page)));
  }

  @Authorized('OPERATOR')
  @Query(() => ServerFigures, { description: 'What the process that answers has counted since its start.' })
  serverFigures(@Ctx() { counterfoil }: CounterfoilContext): ServerFigures {
    return new ServerFigures(counterfoil.figures(), counterfoil.parts.clock.now());
  }

  @Authorized('OPERATOR')
  @Mutation(() => payloads.RotateSigningKeyPayload, {
    description: 'Promotes the standby key as soon as every verifier can know it, and makes a new standby.',
  })
  async rotateSigningKey(
    @Arg('input', () => inputs.RotateSigningKeyInput, { nullable: true })
    input: inputs.RotateSigningKeyInput | null,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.RotateSigningKeyPayload> {
    const wish = { algorithm: input?.algorithm ?? null, force: input?.force ?? false };
    const outcome = await rotateSigningKey(context.counterfoil.parts, wish, actorOf(context));
    if (outcome.kind === 'unsupported-algorithm')
      return new problems.UnsupportedAlgorithmProblem(outcome.algorithm);
    const { active, retired, standby, activatesAt } = outcome;
    const keys = { active: keyNode(active), retired: retired && keyNode(retired), standby: keyNode(standby) };
    return new payloads.RotateSigningKeySuccess(keys, activatesAt);
  }

  @Authorized('OPERATOR')
  @Mutation(() => payloads.RevokeSigningKeyPayload, {
    description:
      'For a leaked key: nothing it signed is accepted any more, the standby takes over, sessions live on.',
  })
  async revokeSigningKey(
    @Arg('input', () => inputs.RevokeSigningKeyInput) { kid, reason }: inputs.RevokeSigningKeyInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.RevokeSigningKeyPayload> {
    const outcome = await revokeSigningKey(
      context.counterfoil.parts,
      { kid, reason: shortReason(reason) },
      actorOf(context),
    );
    if (outcome.kind === 'not-found') return new problems.SigningKeyNotFoundProblem();
    const { revoked, active, accessTokensDeadBy } = outcome;
    return new payloads.RevokeSigningKeySuccess(keyNode(revoked), keyNode(active), accessTokensDeadBy);
  }

  @Authorized('OPERATOR')
  @Mutation(() => payloads.SuspendUserPayload, {
    description: 'Ends all sessions of a user and lets nobody sign in.',
  })
  async suspendUser(
    @Arg('input', () => inputs.SuspendUserInput) { userId, reason }: inputs.SuspendUserInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.SuspendUserPayload> {
    const outcome = await suspendUser(
      context.counterfoil.parts,
      userId,
      shortReason(reason),
      actorOf(context),
    );
    if (outcome.kind === 'not-found') return new problems.UserNotFoundProblem();
    return new payloads.SuspendUserSuccess(
      new UserNode(outcome.user),
      outcome.sessionsEnded,
      outcome.accessTokensDeadBy,
    );
  }

  @Authorized('OPERATOR')
  @Mutation(() => payloads.ReinstateUserPayload, { description: 'Lets a suspended user sign in again.' })
  async reinstateUser(
    @Arg('input', () => inputs.UserIdInput) { userId }: inputs.UserIdInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.ReinstateUserPayload> {
    const outcome = await reinstateUser(context.counterfoil.parts, userId, actorOf(context));
    if (outcome.kind === 'not-found') return new problems.UserNotFoundProblem();
    return new payloads.ReinstateUserSuccess(new UserNode(outcome.user));
  }

  @Authorized('OPERATOR')
  @Mutation(() => payloads.EndUserSessionsPayload, { description: 'Ends all sessions of a user.' })
  async endUserSessions(
    @Arg('input', () => inputs.UserIdInput) { userId }: inputs.UserIdInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.EndUserSessionsPayload> {
    const outcome = await endUserSessions(context.counterfoil.parts, userId, actorOf(context));
    if (outcome.kind === 'not-found') return new problems.UserNotFoundProblem();
    if (outcome.kind === 'unsupported') return new problems.UnsupportedByModelProblem(outcome.why);
    return new payloads.EndUserSessionsSuccess(
      new UserNode(outcome.user),
      outcome.sessionsEnded,
      outcome.accessTokensDeadBy,
    );
  }
}

const keyNode = (key: ConstructorParameters<typeof SigningKeyNode>[0]) => new SigningKeyNode(key);

function shortReason(reason: string): string {
  const read = readReason(reason);
  if (read.kind === 'unusable') throw badInput(`"reason" ${read.why}.`);
  return read.text;
}
