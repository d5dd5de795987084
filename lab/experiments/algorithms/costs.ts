/**
 * What one signature and one verification take, by the very functions that the server calls (`keys/material.ts`,
 * `tokens/access-token.ts`), one after the other in this process. Algorithms take turns in small batches, so that a busy
 * moment of the machine falls on all of them.
 */

import { randomBytes } from 'node:crypto';
import { identifierFromBytes, type SessionId, type UserId } from '../../../src/entities/identifier.js';
import type { SigningMaterial, VerifyingMaterial } from '../../../src/entities/key-material.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../../src/entities/signing-key.js';
import { generateSigningKey, openSigning, openVerifying } from '../../../src/keys/material.js';
import { systemRandomness } from '../../../src/system/randomness.js';
import { type AccessClaims, signAccessToken, verifyAccessToken } from '../../../src/tokens/access-token.js';
import type { Observation } from '../../harness/observation.js';
import { quantile } from '../../harness/statistics.js';

const BATCH = 50;
const ISSUER = 'http://localhost:4000';

interface Subject {
  readonly algorithm: SigningAlgorithm;
  readonly signer: SigningMaterial;
  readonly verifier: VerifyingMaterial;
  readonly sign: number[];
  readonly verify: number[];
  bytes: number;
}

export async function measureCosts(round: number, times: number): Promise<Observation[]> {
  const subjects: Subject[] = [];
  const observations: Observation[] = [];
  const about = (algorithm: string) => ({ model: null, factors: { algorithm }, round });
  for (const algorithm of SIGNING_ALGORITHMS) {
    const subject = await prepare(algorithm);
    observations.push({ ...about(algorithm), metric: 'runtime has it', unit: '', value: subject !== null });
    if (subject !== null) subjects.push(subject);
  }
  // The first batch of each warms up and is thrown away.
  for (let batch = 0; batch <= Math.ceil(times / BATCH); batch += 1)
    for (const subject of subjects) await measure(subject, batch > 0);
  for (const { algorithm, sign, verify, bytes } of subjects) {
    const median = (times: readonly number[]) =>
      quantile(
        [...times].sort((a, b) => a - b),
        0.5,
      ) * 1000;
    observations.push(
      { ...about(algorithm), metric: 'sign', unit: 'µs', value: median(sign) },
      { ...about(algorithm), metric: 'verify', unit: 'µs', value: median(verify) },
      { ...about(algorithm), metric: 'plain token', unit: 'bytes', value: bytes },
    );
  }
  return observations;
}

/** Null where the runtime lacks the algorithm. */
async function prepare(algorithm: SigningAlgorithm): Promise<Subject | null> {
  const vault = { masterKey: randomBytes(32), randomness: systemRandomness };
  const key = await generateSigningKey(algorithm, Date.now(), vault);
  if (key === null) return null;
  const signer = await openSigning(key, vault.masterKey);
  return { algorithm, signer, verifier: await openVerifying(key), sign: [], verify: [], bytes: 0 };
}

async function measure(subject: Subject, counts: boolean): Promise<void> {
  for (let n = 0; n < BATCH; n += 1) {
    const claims = claimsNow();
    const signing = performance.now();
    const token = await signAccessToken(claims, subject.signer);
    const verifying = performance.now();
    const { kind } = await verifyAccessToken(token, expectations(subject.verifier));
    const end = performance.now();
    if (kind !== 'verified') throw new Error(`${subject.algorithm} does not verify what it signed`);
    if (!counts) continue;
    subject.sign.push(verifying - signing);
    subject.verify.push(end - verifying);
    subject.bytes = token.length;
  }
}

function claimsNow(): AccessClaims {
  const iat = Math.floor(Date.now() / 1000);
  return {
    iss: ISSUER,
    aud: ISSUER,
    sub: identifierFromBytes<UserId>(randomBytes(16)),
    sid: identifierFromBytes<SessionId>(randomBytes(16)),
    client_id: 'counterfoil',
    iat,
    exp: iat + 300,
    jti: identifierFromBytes(randomBytes(16)),
    epoch: 0,
    scope: 'user',
    auth_time: iat,
  };
}

function expectations(key: VerifyingMaterial): Parameters<typeof verifyAccessToken>[1] {
  return {
    issuer: ISSUER,
    audience: ISSUER,
    now: Date.now(),
    skewMs: 30_000,
    expiryLeewayMs: 0,
    maxLifetimeMs: 300_000,
    findKey: (kid) => (kid === key.kid ? key : undefined),
    verified: null,
  };
}
