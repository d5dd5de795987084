/**
 * Attempt counters over a limiter of rate-limiter-flexible, whichever database it counts in. The package reads the wall
 * clock itself. Keys are stored as hashes: they hold addresses of people who have no account here, and now and then a
 * password that somebody typed into the wrong field.
 */

import { createHash } from 'node:crypto';
import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { AttemptCounters, AttemptRule } from './ports/attempts.js';

export function attemptCounters(
  limiterFor: (rule: AttemptRule) => RateLimiterAbstract,
  prune: AttemptCounters['prune'],
): AttemptCounters {
  const limiters = new Map<string, RateLimiterAbstract>();

  function limiterOf(rule: AttemptRule): RateLimiterAbstract {
    const limiter = limiters.get(rule.name) ?? limiterFor(rule);
    limiters.set(rule.name, limiter);
    return limiter;
  }

  return {
    spend: async (rule, key) => {
      try {
        const result = await limiterOf(rule).consume(hashOf(key));
        return { kind: 'within', spent: result.consumedPoints };
      } catch (refusal) {
        if (refusal instanceof Error) throw refusal;
        return { kind: 'over', retryAfterSeconds: secondsOf(refusal as RateLimiterRes) };
      }
    },
    refund: async (rule, key) => {
      await limiterOf(rule).reward(hashOf(key));
    },
    block: async (rule, key, seconds) => {
      await limiterOf(rule).block(hashOf(key), seconds);
    },
    waitFor: async (rule, key) => {
      const result = await limiterOf(rule).get(hashOf(key));
      return result !== null && result.consumedPoints > rule.points ? secondsOf(result) : 0;
    },
    forget: async (rule, key) => {
      await limiterOf(rule).delete(hashOf(key));
    },
    prune,
  };
}

function secondsOf(result: RateLimiterRes): number {
  return Math.max(1, Math.ceil(result.msBeforeNext / 1000));
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22);
}
