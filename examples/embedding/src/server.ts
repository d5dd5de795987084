/** An Apollo Server of our own on Fastify. What belongs to Counterfoil is marked. */

import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { Counterfoil } from 'counterfoil';
import Fastify, { type FastifyInstance } from 'fastify';
import type { NotesContext } from './context.js';
import type { Notes } from './notes.js';
import { notesSchema } from './schema.js';

const BODY_LIMIT_BYTES = 64 * 1024;

export async function createNotesServer(counterfoil: Counterfoil, notes: Notes): Promise<FastifyInstance> {
  const fastify = Fastify({ bodyLimit: BODY_LIMIT_BYTES });
  await fastify.register(counterfoil.discovery); // the JWKS, the metadata, health and metrics

  const apollo = new ApolloServer<NotesContext>({
    ...counterfoil.apolloOptions, // document limits, masked errors, safe defaults
    schema: await notesSchema(counterfoil),
  });
  await apollo.start();
  fastify.addHook('onClose', () => apollo.stop());

  await fastify.register(async (scope) => {
    await counterfoil.guardOrigins(scope); // CORS, and no calls by pages of foreign origins
    scope.route({
      url: '/graphql',
      method: ['GET', 'POST'],
      handler: fastifyApolloHandler(apollo, {
        context: async (request, reply) => ({
          ...(await counterfoil.context(request, reply)), // who calls
          notes,
        }),
      }),
    });
  });
  return fastify;
}
