/** What one process has counted, as operators see it. Counts are floats: they outgrow GraphQL's Int in a busy year. */

import { Field, Float, GraphQLISODateTime, ID, Int, ObjectType } from 'type-graphql';
import type { Lag, ProcessFigures, VerdictCount } from '../../entities/figures.js';

@ObjectType('VerdictCount', { description: 'How often refresh tokens were judged so.' })
class VerdictCountType {
  @Field(() => String, { description: '"rotate", "replay", "reuse", "ended" or "invalid".' })
  verdict: string;

  @Field(() => String, { nullable: true, description: 'Of "ended": why the session was over.' })
  because: string | null;

  @Field(() => Float)
  count: number;

  constructor({ verdict, because, count }: VerdictCount) {
    this.verdict = verdict;
    this.because = because;
    this.count = count;
  }
}

@ObjectType('RevocationLag', {
  description: 'From the writing of a revocation to its being felt by this process. Milliseconds.',
})
class RevocationLagType {
  @Field(() => Float)
  p50Ms: number;

  @Field(() => Float)
  p99Ms: number;

  @Field(() => Float)
  maxMs: number;

  constructor({ p50Ms, p99Ms, maxMs }: Lag) {
    this.p50Ms = p50Ms;
    this.p99Ms = p99Ms;
    this.maxMs = maxMs;
  }
}

@ObjectType('RevocationFigures')
class RevocationFiguresType {
  @Field(() => Int, { description: 'What this process remembers not to accept.' })
  remembered: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Milliseconds since it last knew all of the log; null where its knowledge counts for nothing.',
  })
  stalenessMs: number | null;

  @Field(() => Float, { description: 'Revocations that it has come to know since its start.' })
  felt: number;

  @Field(() => RevocationLagType, {
    nullable: true,
    description: 'Of the newest 500 of them; null before the first.',
  })
  lag: RevocationLagType | null;

  constructor({ remembered, stalenessMs, felt, lag }: ProcessFigures['revocations']) {
    this.remembered = remembered;
    this.stalenessMs = stalenessMs;
    this.felt = felt;
    this.lag = lag && new RevocationLagType(lag);
  }
}

@ObjectType('Argon2Figures', { description: 'The line before argon2.' })
class Argon2FiguresType {
  @Field(() => Int)
  running: number;

  @Field(() => Int)
  waiting: number;

  @Field(() => Int, { description: 'How many may wait.' })
  limit: number;

  @Field(() => Float, { description: 'Refused since the start, because the line was full.' })
  refused: number;

  constructor({ running, waiting, limit, refused }: ProcessFigures['hashing']) {
    this.running = running;
    this.waiting = waiting;
    this.limit = limit;
    this.refused = refused;
  }
}

@ObjectType('PushFigures', { description: 'Those who listen to sessionEvents.' })
class PushFiguresType {
  @Field(() => Int)
  connections: number;

  @Field(() => Int)
  subscriptions: number;

  @Field(() => Float, { description: 'Events sent since the start.' })
  sent: number;

  @Field(() => Float, {
    description: 'Subscriptions ended since the start, because nobody took what was sent.',
  })
  dropped: number;

  constructor({ connections, subscriptions, sent, dropped }: ProcessFigures['push']) {
    this.connections = connections;
    this.subscriptions = subscriptions;
    this.sent = sent;
    this.dropped = dropped;
  }
}

@ObjectType({
  description: 'What the process that answers has counted since its start. Others count for themselves.',
})
export class ServerFigures {
  @Field(() => ID, { description: 'Names the process: the counts of another are no continuation of these.' })
  process: string;

  @Field(() => GraphQLISODateTime)
  at: Date;

  @Field(() => [VerdictCountType])
  refreshVerdicts: VerdictCountType[];

  @Field(() => RevocationFiguresType)
  revocations: RevocationFiguresType;

  @Field(() => Argon2FiguresType)
  argon2: Argon2FiguresType;

  @Field(() => PushFiguresType)
  push: PushFiguresType;

  constructor({ process, verdicts, revocations, hashing, push }: ProcessFigures, now: number) {
    this.process = process;
    this.at = new Date(now);
    this.refreshVerdicts = verdicts.map((each) => new VerdictCountType(each));
    this.revocations = new RevocationFiguresType(revocations);
    this.argon2 = new Argon2FiguresType(hashing);
    this.push = new PushFiguresType(push);
  }
}
