/** Verifiers, for operators: who may follow the revocations and ask about tokens. */

import { Arg, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { createVerifier, withdrawVerifier } from '../../account/verifiers.js';
import { actorOf, type CounterfoilContext } from '../context.js';
import * as inputs from '../types/inputs.js';
import { VerifierNode } from '../types/nodes.js';
import * as payloads from '../types/payloads.js';
import * as problems from '../types/problems.js';

@Resolver()
export class VerifierResolver {
  @Authorized('OPERATOR')
  @Query(() => [VerifierNode], { description: 'All verifiers, newest first, withdrawn ones included.' })
  async verifiers(@Ctx() { counterfoil }: CounterfoilContext): Promise<VerifierNode[]> {
    const verifiers = await counterfoil.parts.store.verifiers.list();
    return verifiers.map((verifier) => new VerifierNode(verifier));
  }

  @Authorized('OPERATOR')
  @Mutation(() => payloads.CreateVerifierPayload, {
    description: 'Lets a service follow the revocations and ask about tokens. Its credential is shown once.',
  })
  async createVerifier(
    @Arg('input', () => inputs.CreateVerifierInput) { name }: inputs.CreateVerifierInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.CreateVerifierPayload> {
    const outcome = await createVerifier(context.counterfoil.parts, { name }, actorOf(context));
    if (outcome.kind === 'invalid-input') return new problems.InvalidInputProblem(outcome.problems);
    return new payloads.CreateVerifierSuccess(new VerifierNode(outcome.verifier), outcome.credential);
  }

  @Authorized('OPERATOR')
  @Mutation(() => payloads.WithdrawVerifierPayload, {
    description: 'The credential opens nothing any more; connections that it has open end within seconds.',
  })
  async withdrawVerifier(
    @Arg('input', () => inputs.WithdrawVerifierInput) { id }: inputs.WithdrawVerifierInput,
    @Ctx() context: CounterfoilContext,
  ): Promise<typeof payloads.WithdrawVerifierPayload> {
    const outcome = await withdrawVerifier(context.counterfoil.parts, id, actorOf(context));
    if (outcome.kind === 'not-found') return new problems.VerifierNotFoundProblem();
    return new payloads.WithdrawVerifierSuccess(new VerifierNode(outcome.verifier));
  }
}
