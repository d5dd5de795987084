/** The yardstick of the start: the smallest server on the same parts (type-graphql, Apollo Server, Fastify). */

import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { buildSchemaSync, Query, Resolver } from 'type-graphql';

@Resolver()
class HelloResolver {
  @Query(() => String)
  hello(): string {
    return 'world';
  }
}

const apollo = new ApolloServer({
  schema: buildSchemaSync({ resolvers: [HelloResolver], validate: false }),
  stopOnTerminationSignals: false,
});
await apollo.start();
const fastify = Fastify();
fastify.route({ url: '/graphql', method: ['GET', 'POST'], handler: fastifyApolloHandler(apollo) });
await fastify.listen({ host: 'localhost', port: 0 });
const { port } = fastify.server.address() as { port: number };
process.stdout.write(`http://localhost:${port}/graphql\n`);
