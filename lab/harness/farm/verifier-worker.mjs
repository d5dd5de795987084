/**
 * A service that only verifies: `counterfoil/verify` from dist/, in a process of its own. `GET /` answers with what the
 * verifier says of the bearer token, as JSON. Settings come as JSON in the environment; the port goes to stderr.
 */

import { createServer } from 'node:http';

const { library, ...options } = JSON.parse(process.env['VERIFIER'] ?? '{}');
const { createVerifier } = await import(library);
const verifier = createVerifier(options);
await verifier.ready();

const server = createServer(async (request, response) => {
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  try {
    const { kind, because = null } = await verifier.verify(token);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ kind, because }));
  } catch (fault) {
    response.writeHead(500).end(JSON.stringify({ kind: 'broken', because: String(fault) }));
  }
});
server.listen(0, 'localhost', () => process.stderr.write(`verifies on ${server.address().port}\n`));
