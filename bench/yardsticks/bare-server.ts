/**
 * The yardstick of `viewer`: what a service does that trusts access tokens and nothing else. Bare `node:http`, one key
 * imported once, jose on each request (signature, type, issuer, audience, expiry), and a constant answer.
 */

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { importJWK, type JWK, jwtVerify } from 'jose';

export interface BareOptions {
  readonly jwk: JWK;
  readonly algorithm: string;
  readonly issuer: string;
  readonly audience: string;
  readonly body: string;
}

const { jwk, algorithm, issuer, audience, body } = JSON.parse(await text(process.stdin)) as BareOptions;
const key = await importJWK(jwk, algorithm);
const expected = { issuer, audience, typ: 'at+jwt', algorithms: [algorithm] };
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };

const server = createServer(async (request, response) => {
  request.resume();
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  try {
    await jwtVerify(token, key, expected);
    response.writeHead(200, headers).end(body);
  } catch {
    response.writeHead(401).end();
  }
});
server.listen(0, 'localhost', () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`http://localhost:${port}\n`);
});
