/** Refresh: renews a session's tokens. The verdict is the session model's; this tells it to the log. */

import { type Throttled, throttled } from '../entities/outcomes.js';
import type { Session } from '../entities/session.js';
import type { IssuedTokens, PresentedCredentials, Renewed } from '../session/contract.js';
import type { AccountParts, Caller } from './parts.js';

export interface RefreshInput {
  /** What the client names as the token to renew. */
  readonly refreshToken: string | null;
  readonly presented: PresentedCredentials;
  readonly idempotencyKey: string | null;
}

export type RefreshOutcome =
  | { readonly kind: 'refreshed'; readonly session: Session; readonly tokens: IssuedTokens }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'reused' }
  | { readonly kind: 'ended' }
  | Throttled;

export async function refresh(
  { model, log }: AccountParts,
  input: RefreshInput,
  caller: Caller,
): Promise<RefreshOutcome> {
  const renewed = await model.renew({ ...input, ipAddress: caller.ipAddress });
  report(log, renewed, caller);
  switch (renewed.kind) {
    case 'renewed':
      return { kind: 'refreshed', session: renewed.session, tokens: renewed.tokens };
    case 'too-many':
      return throttled(renewed.retryAfterSeconds);
    default:
      return { kind: renewed.kind };
  }
}

function report(log: AccountParts['log'], renewed: Renewed, { ipAddress }: Caller): void {
  if (renewed.kind === 'reused') {
    const fields = {
      event: 'refresh.reused',
      sessionId: renewed.session.id,
      userId: renewed.session.userId,
      ip: ipAddress,
    };
    log.warn(fields, 'a refresh token was used again: the session has been ended');
  } else {
    const verdict = renewed.kind === 'renewed' ? renewed.verdict : renewed.kind;
    log.info({ event: 'refresh', verdict, ip: ipAddress }, 'refresh');
  }
}
