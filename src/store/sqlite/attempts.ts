/**
 * Attempt counters on SQLite, by rate-limiter-flexible over the same file: all processes count together, and a restart
 * forgets nothing. The package reads the wall clock itself. Keys are stored as hashes: they hold addresses of people who
 * have no account here, and now and then a password that somebody typed into the wrong field.
 */

import { createHash } from 'node:crypto';
import { type RateLimiterRes, RateLimiterSQLite } from 'rate-limiter-flexible';
import type { AttemptCounters, AttemptRule } from '../ports/attempts.js';
import type { Connection } from './connection.js';

export function sqliteAttempts(connection: Connection): AttemptCounters {
  const limiters = new Map<string, RateLimiterSQLite>();

  function limiterOf(rule: AttemptRule): RateLimiterSQLite {
    const known = limiters.get(rule.name);
    if (known !== undefined) return known;
    const limiter = new RateLimiterSQLite({
      storeClient: connection.raw,
      storeType: 'better-sqlite3',
      tableName: 'rate_limits',
      tableCreated: true,
      keyPrefix: rule.name,
      points: rule.points,
      duration: rule.windowSeconds,
    });
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
    prune: async (now) => {
      connection.raw.prepare('delete from rate_limits where expire < ?').run(now);
    },
  };
}

function secondsOf(result: RateLimiterRes): number {
  return Math.max(1, Math.ceil(result.msBeforeNext / 1000));
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22);
}
