/** Pushing to clients: what a signed-in one is told. */

import { Ctx, Resolver, Root, Subscription } from 'type-graphql';
import type { SessionId } from '../../entities/identifier.js';
import type { SessionNews } from '../../entities/session-news.js';
import { authenticatedCaller, type CounterfoilContext } from '../context.js';
import * as events from '../types/events.js';

@Resolver()
export class EventResolver {
  @Subscription(() => events.SessionEvent, {
    description:
      'What concerns your sessions, as it happens; nothing of before. It ends with the session that listens, or when its access token expires and no other was given in time.',
    subscribe: ({ context }: { context: CounterfoilContext }) => {
      const { userId, sessionId } = authenticatedCaller(context);
      return context.counterfoil.follow({ userId, sessionId });
    },
  })
  sessionEvents(@Root() news: SessionNews, @Ctx() context: CounterfoilContext): events.SessionEvent {
    return eventOf(news, authenticatedCaller(context).sessionId);
  }
}

function eventOf(news: SessionNews, listening: SessionId): events.SessionEvent {
  const { at } = news;
  switch (news.kind) {
    case 'session-ended':
      return new events.SessionEndedEvent(at, news.sessionId, news.reason, news.sessionId === listening);
    case 'sessions-ended':
      return new events.SessionsEndedEvent(at, news.reason);
    case 'signed-in':
      return new events.DeviceSignedInEvent(at, news.sessionId);
    case 'reuse-detected':
      return new events.TokenReuseEvent(at, news.sessionId, news.sessionId === listening);
    case 'key-rotated':
      return new events.SigningKeyRotatedEvent(at);
    case 'message':
      return new events.MessageEvent(at, news.text);
  }
}
