/**
 * The yardsticks of a growing credential: a bare `node:http` server that answers a constant to whoever it knows. As
 * `jwt` it verifies a JWT that carries so many bytes of claims along, with jose, on each request. As `row` it looks up an
 * opaque id in SQLite, whose row holds as many bytes, and reads them. Takes kind, bytes and a folder; says, as JSON,
 * where it listens and what opens it.
 */

import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { generateKeyPair, jwtVerify, SignJWT } from 'jose';

const CREDENTIALS = 500;
const [, , kind, bytes, folder] = process.argv;
const claims = JSON.stringify({ data: 'x'.repeat(Number(bytes)) });

interface Door {
  readonly credentials: readonly string[];
  knows(credential: string): Promise<boolean> | boolean;
}

const door = kind === 'jwt' ? await jwtDoor() : rowDoor();
const server = createServer(async (request, response) => {
  const known = await door.knows(request.headers.authorization?.slice('Bearer '.length) ?? '');
  response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
  response.end(known ? '{"ok":true}' : '{"ok":false}');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(
    `${JSON.stringify({ url: `http://127.0.0.1:${port}`, credentials: door.credentials })}\n`,
  );
});

async function jwtDoor(): Promise<Door> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const expected = { issuer: 'http://localhost:4000', audience: 'http://localhost:4000' };
  const sign = () =>
    new SignJWT({ ...JSON.parse(claims), sub: randomBytes(16).toString('base64url') })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .setIssuer(expected.issuer)
      .setAudience(expected.audience)
      .setExpirationTime('1h')
      .sign(privateKey);
  return {
    credentials: await Promise.all(Array.from({ length: CREDENTIALS }, sign)),
    knows: async (token) => {
      try {
        const { payload } = await jwtVerify(token, publicKey, { ...expected, typ: 'at+jwt' });
        return payload['data'] !== undefined;
      } catch {
        return false;
      }
    },
  };
}

function rowDoor(): Door {
  const database = new Database(join(folder ?? '.', 'rows.db'));
  database.pragma('journal_mode = WAL');
  database.exec('create table sessions (id blob primary key, claims text not null)');
  const insert = database.prepare('insert into sessions (id, claims) values (?, ?)');
  const credentials = Array.from({ length: CREDENTIALS }, () => randomBytes(32).toString('base64url'));
  const hash = (credential: string) => createHash('sha256').update(credential).digest();
  for (const credential of credentials) insert.run(hash(credential), claims);
  const find = database.prepare('select claims from sessions where id = ?').pluck();
  return {
    credentials,
    knows: (credential) => {
      const found = find.get(hash(credential));
      return typeof found === 'string' && JSON.parse(found).data !== undefined;
    },
  };
}
