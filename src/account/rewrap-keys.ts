/**
 * Changes the master key: seals every private key and secret anew, in one store change. For a key file the new key is
 * on the disk before the change and takes the file's place after it; whenever this stops, `openMasterKey` finds the
 * right one of the two.
 */

import { auditEvent } from '../entities/audit.js';
import type { KeyRingChange, StoredKeyRing } from '../entities/key-ring.js';
import { adoptStagedMasterKey, masterKeyIn, readMasterKey, stageMasterKey } from '../keys/master-key.js';
import { resealKey, resealSecret, type Vault } from '../keys/material.js';
import { masterKeyId, sealedUnder } from '../keys/seal.js';
import type { Actor } from './operate.js';
import type { AccountParts } from './parts.js';

/** From which key to which: in a file the next one is made, else both are given as text (base64 or hex). */
export type MasterKeyExchange =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'given'; readonly present: string; readonly next: string };

export type RewrapOutcome =
  | {
      readonly kind: 'rewrapped';
      readonly signingKeys: number;
      readonly refreshSecrets: number;
      /** Ids, by which log lines and messages tell master keys apart. They give nothing away. */
      readonly from: string;
      readonly to: string;
    }
  /** The next key is not 32 bytes in base64 or hex. */
  | { readonly kind: 'unreadable-key' }
  | { readonly kind: 'same-key' }
  /** Somebody else changed the master key meanwhile; this exchange changed nothing. */
  | { readonly kind: 'overtaken' };

type RewrapParts = Pick<AccountParts, 'store' | 'clock' | 'randomness' | 'log'>;

export async function rewrapKeys(
  parts: RewrapParts,
  exchange: MasterKeyExchange,
  actor: Actor,
): Promise<RewrapOutcome> {
  if (exchange.kind === 'file') {
    const { path } = exchange;
    const present = masterKeyIn(path);
    if (present === null) throw new Error(`The master key file ${path} is missing.`);
    const next = stageMasterKey(path, parts.randomness);
    const outcome = await reseal(parts, present, next, actor);
    if (outcome.kind === 'rewrapped') adoptStagedMasterKey(path, next);
    return outcome;
  }
  const present = readMasterKey(exchange.present);
  const next = readMasterKey(exchange.next);
  if (present === null || next === null) return { kind: 'unreadable-key' };
  return present.equals(next) ? { kind: 'same-key' } : reseal(parts, present, next, actor);
}

async function reseal(
  { store, clock, randomness, log }: RewrapParts,
  present: Buffer,
  next: Buffer,
  actor: Actor,
): Promise<RewrapOutcome> {
  const [from, to] = [masterKeyId(present), masterKeyId(next)];
  const vault = { masterKey: next, randomness };
  const about = { actorId: actor.userId, ipAddress: actor.caller.ipAddress, detail: to };
  for (;;) {
    const stored = await store.keys.load();
    if (stored.secrets.some(({ sealed }) => sealedUnder(sealed) !== from)) return { kind: 'overtaken' };
    const audit = auditEvent('keys.rewrapped', clock.now(), about);
    const change: KeyRingChange = { ...resealed(stored, present, vault), at: clock.now(), audit };
    // Lost against a rotation or revocation: what that left is sealed anew in its turn.
    if ((await store.keys.change(change)).kind === 'lost') continue;
    log.warn({ event: 'keys.rewrap', from, to }, 'the master key has been changed');
    return {
      kind: 'rewrapped',
      signingKeys: change.put.length,
      refreshSecrets: change.secrets.length,
      from,
      to,
    };
  }
}

function resealed(stored: StoredKeyRing, from: Uint8Array, to: Vault) {
  return {
    from: stored.revision,
    put: stored.keys.filter((key) => key.sealedPrivateKey !== null).map((key) => resealKey(key, from, to)),
    drop: [],
    secrets: stored.secrets.map((secret) => resealSecret(secret, from, to)),
    revocations: [],
  };
}
