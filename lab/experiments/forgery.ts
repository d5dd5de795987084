/**
 * What somebody can do who has stolen the database and the master key: open the real private signing key, and sign
 * whatever claims please them. Nothing here is a trick; it is the server's own code in the wrong hands.
 */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { identifierFromBytes, type SessionId, type UserId } from '../../src/entities/identifier.js';
import type { SigningMaterial } from '../../src/entities/key-material.js';
import { masterKeyIn } from '../../src/keys/master-key.js';
import { openSigning } from '../../src/keys/material.js';
import { activeKey } from '../../src/keys/plan.js';
import { openDatabase } from '../../src/store/open.js';
import { Connection } from '../../src/store/sqlite/connection.js';
import { loadKeyRing } from '../../src/store/sqlite/keys.js';
import { type AccessClaims, signAccessToken } from '../../src/tokens/access-token.js';
import { MASTER_KEY } from '../harness/farm/farm.js';
import { databaseFile, REPOSITORY } from '../harness/server.js';

/** The active private key of the server of this folder. */
export async function stealSigningKey(folder: string): Promise<SigningMaterial> {
  const masterKey = masterKeyIn(join(folder, 'master.key'));
  if (masterKey === null) throw new Error('the server has made no master key');
  const connection = new Connection(databaseFile(folder));
  try {
    return await openSigning(activeKey(loadKeyRing(connection.db)), masterKey);
  } finally {
    connection.close();
  }
}

/** The same from PostgreSQL, with the master key of a farm's nodes. */
export async function stealSigningKeyFrom(url: string): Promise<SigningMaterial> {
  const settings = { kind: 'postgres', url, poolSize: 1 } as const;
  const store = (await openDatabase(settings, join(REPOSITORY, 'schema/migrations'), Math.random)).store();
  try {
    return await openSigning(activeKey(await store.keys.load()), Buffer.from(MASTER_KEY, 'hex'));
  } finally {
    await store.close();
  }
}

/** What the thief puts into a token; the rest is as in any token of that server. */
export interface Forgery {
  readonly userId: string;
  /** Made up where it is left out. */
  readonly sessionId?: string;
  readonly epoch?: number;
  readonly scope?: string;
  readonly lifeSeconds?: number;
}

export function madeUpId(): string {
  return identifierFromBytes<SessionId>(randomBytes(16));
}

/** `lifeSeconds` is, unless it is given, what the server itself would grant at most. */
export async function forge(
  key: SigningMaterial,
  server: { readonly issuer: string; readonly accessSeconds: number; readonly model: string },
  forgery: Forgery,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const claims: AccessClaims = {
    iss: server.issuer,
    aud: server.issuer,
    sub: forgery.userId as UserId,
    sid: (forgery.sessionId ?? madeUpId()) as SessionId,
    client_id: 'counterfoil',
    iat,
    exp: iat + (forgery.lifeSeconds ?? server.accessSeconds),
    jti: madeUpId(),
    ...(server.model === 'STATELESS' ? {} : { epoch: forgery.epoch ?? 0 }),
    scope: forgery.scope ?? 'user',
    auth_time: iat,
  };
  return signAccessToken(claims, key);
}
