/** The subgraph: its schema, its resolvers, and an Apollo Server that knows who calls. */

import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { Verifier } from 'counterfoil/verify';
import { type AuthContext, bearerContext, requireScopes } from 'counterfoil/verify/apollo';
import { subgraphSchema } from './federation.js';
import { guarded } from './guards.js';
import type { Orders } from './orders.js';

const SDL = readFileSync(new URL('../orders.graphql', import.meta.url), 'utf8');

function ordersSchema(orders: Orders) {
  const schema = subgraphSchema<AuthContext>(
    SDL,
    {
      Query: {
        motto: () => 'Everything in its box.',
        // The guard has seen to it that somebody calls; this says who.
        orders: (_parent, _args, context) => orders.of(requireScopes(context).userId),
        revenue: () => ({ orders: orders.count }),
      },
      Mutation: {
        placeOrder: (_parent, { item }: { item: string }, context) =>
          orders.place(requireScopes(context).userId, item),
      },
    },
    {
      // The router comes here for what other subgraphs know only the id of. It is asked for as the same caller.
      Order: ({ id }, context) => orders.find(String(id), requireScopes(context).userId),
    },
  );
  return guarded(schema);
}

export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startSubgraph(orders: Orders, verifier: Verifier, port: number): Promise<Running> {
  const server = new ApolloServer<AuthContext>({ schema: ordersSchema(orders) });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port },
    context: bearerContext(verifier), // who calls; a bad token is answered before any resolver runs
  });
  return { url, stop: () => server.stop() };
}
