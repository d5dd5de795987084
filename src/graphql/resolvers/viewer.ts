/** What callers may read about themselves, and what anybody may read about the server. */

import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { activityPage } from '../../account/activity.js';
import { ownSession } from '../../account/own-session.js';
import type { SessionModel } from '../../session/contract.js';
import { authenticatedCaller, type CounterfoilContext, type ServerFacts } from '../context.js';
import { unauthenticated } from '../errors.js';
import { ActivityConnection } from '../types/activity.js';
import { PageArgs, pageRequest } from '../types/connections.js';
import { SessionModelName, sessionModelName } from '../types/enums.js';
import { PasswordRules, SessionConnection, SessionNode, UserNode } from '../types/nodes.js';

@ObjectType({ description: 'What this server promises. Durations in seconds.' })
class ServerInfo {
  @Field(() => SessionModelName)
  sessionModel: SessionModelName;

  @Field(() => String)
  issuer: string;

  @Field(() => GraphQLISODateTime)
  serverTime: Date;

  @Field(() => Int, { description: 'The longest life of an access token.' })
  accessTokenLifetime: number;

  @Field(() => Int, { description: 'How long a session lives without being refreshed.' })
  idleLifetime: number;

  @Field(() => Int, { description: 'How long a session lives at all.' })
  absoluteLifetime: number;

  @Field(() => Int, { description: 'How long a client without idempotency keys may repeat a refresh.' })
  reuseGrace: number;

  @Field(() => Int, { description: 'Within how long every Counterfoil process feels a revocation.' })
  maxStaleness: number;

  @Field(() => PasswordRules)
  passwordRules: PasswordRules;

  constructor(facts: ServerFacts, model: SessionModel, now: number) {
    const seconds = (milliseconds: number) => Math.round(milliseconds / 1000);
    this.sessionModel = sessionModelName(model.name);
    this.issuer = facts.issuer;
    this.serverTime = new Date(now);
    this.accessTokenLifetime = seconds(model.accessTtlMs);
    this.idleLifetime = seconds(model.idleTtlMs);
    this.absoluteLifetime = seconds(facts.absoluteTtlMs);
    this.reuseGrace = seconds(facts.graceMs);
    this.maxStaleness = seconds(facts.maxStalenessMs);
    this.passwordRules = new PasswordRules(facts.passwordMinLength, facts.passwordMaxLength);
  }
}

@Resolver()
export class ViewerResolver {
  @Authorized()
  @Query(() => UserNode, { nullable: true, description: 'Whoever calls.' })
  async viewer(@Ctx() context: CounterfoilContext): Promise<UserNode> {
    const user = await context.counterfoil.parts.store.users.find(authenticatedCaller(context).userId);
    if (user === null) throw unauthenticated('session-unknown');
    return new UserNode(user);
  }

  @Authorized()
  @Query(() => SessionNode, {
    nullable: true,
    description: 'The session of that id, if it is a live one of yours; without an id, this one.',
  })
  async session(
    @Arg('id', () => ID, { nullable: true }) id: string | null,
    @Ctx() context: CounterfoilContext,
  ): Promise<SessionNode | null> {
    const caller = authenticatedCaller(context);
    const session = await ownSession(context.counterfoil.parts, caller, id ?? caller.sessionId);
    return session && new SessionNode(session);
  }

  @Query(() => ServerInfo, { description: 'What this server promises its clients.' })
  serverInfo(@Ctx() { counterfoil }: CounterfoilContext): ServerInfo {
    return new ServerInfo(counterfoil.facts, counterfoil.parts.model, counterfoil.parts.clock.now());
  }
}

@Resolver(() => UserNode)
export class UserResolver {
  @FieldResolver(() => SessionConnection.type, { description: 'Live sessions, newest first.' })
  async sessions(
    @Root() { user }: UserNode,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { counterfoil }: CounterfoilContext,
  ) {
    const { store, clock, model } = counterfoil.parts;
    return SessionConnection.from(
      await store.sessions.listLive(user.id, clock.now(), model.idleTtlMs, pageRequest(page)),
    );
  }

  @FieldResolver(() => ActivityConnection.type, {
    description: 'What happened to the account, newest first.',
  })
  async activity(
    @Root() { user }: UserNode,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { counterfoil }: CounterfoilContext,
  ) {
    const { authentication, parts } = counterfoil;
    // Whoever has just signed in reads it, too, and nothing has been said to that device yet.
    const reader = authentication.kind === 'authenticated' ? authentication.sessionId : null;
    return ActivityConnection.from(await activityPage(parts, user.id, reader, pageRequest(page)));
  }
}

@Resolver(() => SessionNode)
export class SessionResolver {
  @FieldResolver(() => GraphQLISODateTime, { description: 'When it dies if nothing more is heard of it.' })
  expiresAt(@Root() session: SessionNode, @Ctx() { counterfoil }: CounterfoilContext): Date {
    return session.expiresAt(counterfoil.parts.model.idleTtlMs);
  }

  @FieldResolver(() => Boolean, { description: 'Whether this request was made by it.' })
  current(@Root() { id, isOwn }: SessionNode, @Ctx() { counterfoil }: CounterfoilContext): boolean {
    const { authentication } = counterfoil;
    return isOwn || (authentication.kind === 'authenticated' && authentication.sessionId === id);
  }
}
