/** Starts the subgraph: `npm start`, with the auth server's address and a verifier credential in the environment. */

import { createVerifier } from 'counterfoil/verify';
import { Orders } from './orders.js';
import { startSubgraph } from './subgraph.js';

const {
  COUNTERFOIL_ISSUER: issuer = 'http://localhost:4000',
  COUNTERFOIL_AUDIENCE: audience = issuer,
  COUNTERFOIL_CREDENTIAL: credential,
} = process.env;
if (credential === undefined) {
  console.error('Set COUNTERFOIL_CREDENTIAL to what `counterfoil verifiers create --name orders` prints.');
  process.exit(2);
}

const verifier = createVerifier({
  issuer,
  audience,
  revocations: { credential }, // felt within 5 seconds; when the feed is away, the server is asked
  hooks: { feed: (event) => console.log(`revocations: ${event}`) },
});
if (!(await verifier.ready())) {
  console.error(`The auth server at ${issuer} cannot be reached, or does not take the credential.`);
  process.exit(1);
}
const subgraph = await startSubgraph(new Orders(), verifier, 4200);
console.log(`Orders at ${subgraph.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await subgraph.stop();
    verifier.close();
  });
}
