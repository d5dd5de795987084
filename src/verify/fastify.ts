/**
 * `counterfoil/verify/fastify`: who calls, on each request of a Fastify server. Its types are its own, so that any version
 * that has these methods will do.
 */

import { admit, bodyOf, missing, type Refusal, somebody } from './admission.js';
import type { Verifier } from './create-verifier.js';
import type { Verified } from './outcome.js';

export interface FastifyRequestLike {
  readonly headers: { readonly authorization?: string | undefined };
}

export interface FastifyReplyLike {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(body: string): unknown;
}

export interface FastifyLike {
  decorateRequest(name: string, value: null): unknown;
  addHook(
    name: 'onRequest',
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>,
  ): unknown;
}

export interface BearerTokensOptions {
  readonly verifier: Pick<Verifier, 'verify'>;
  /** Lets requests without credentials pass, as nobody. A token that is there must be good all the same. */
  readonly optional?: boolean;
}

/**
 * A plugin: checks the access token of every request of the scope that it is registered in, before its body is read, and
 * puts who calls at `request.auth`. Refuses what is not good: 401, or 503 where that cannot be said now.
 */
export const bearerTokens = unconfined(
  async (fastify: FastifyLike, { verifier, optional = false }: BearerTokensOptions): Promise<void> => {
    fastify.decorateRequest('auth', null);
    fastify.addHook('onRequest', async (request, reply) => {
      const admission = await admit(verifier, request.headers.authorization);
      if (admission.kind === 'admitted') {
        (request as { auth?: Verified | null }).auth = admission.auth;
        return undefined;
      }
      const refusal = admission.kind === 'refused' ? admission.refusal : optional ? null : missing(null, []);
      return refusal === null ? undefined : send(reply, refusal);
    });
  },
);

/** Who calls. Throws for nobody, which is answered with 401. */
export function callerOf(request: FastifyRequestLike): Verified {
  return somebody(authOf(request));
}

/** Who calls; null for nobody, where requests without credentials may pass. */
export function authOf(request: FastifyRequestLike): Verified | null {
  return (request as { auth?: Verified | null }).auth ?? null;
}

/** A `preHandler`: refuses whoever lacks one of the scopes, and nobody at all. Without scopes, being signed in is enough. */
export function requireScopes(
  ...scopes: string[]
): (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown> {
  return async (request, reply) => {
    const refusal = missing(authOf(request), scopes);
    return refusal === null ? undefined : send(reply, refusal);
  };
}

function send(reply: FastifyReplyLike, refusal: Refusal): FastifyReplyLike {
  reply.code(refusal.status);
  for (const [name, value] of Object.entries(refusal.headers)) reply.header(name, value);
  reply.header('content-type', 'application/json; charset=utf-8');
  reply.send(bodyOf(refusal));
  return reply;
}

/** Its hook is for the routes beside it, not for those inside it: what `fastify-plugin` marks, too. */
function unconfined<Plugin extends object>(plugin: Plugin): Plugin {
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'counterfoil-verify',
  });
}
