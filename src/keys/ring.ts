/**
 * The key ring in use: opened keys, ready to sign and verify, and the JWKS that the world sees. Takes over a stored
 * ring as a whole; never writes one. Called by the session models, the operations on keys, and `http/` for the JWKS.
 */

import type { RefreshSecret, SigningMaterial, VerifyingMaterial } from '../entities/key-material.js';
import type { StoredKeyRing } from '../entities/key-ring.js';
import type { SigningKey, StoredSigningKey } from '../entities/signing-key.js';
import { openSigning, openVerifying, secretLabel } from './material.js';
import { activeKey } from './plan.js';
import { unseal } from './seal.js';

interface OpenedRing {
  readonly revision: number;
  readonly keys: readonly StoredSigningKey[];
  readonly signer: SigningMaterial;
  readonly verifiers: ReadonlyMap<string, VerifyingMaterial>;
  readonly secrets: ReadonlyMap<number, RefreshSecret>;
}

export class KeyRing {
  readonly #masterKey: Uint8Array;
  #opened: OpenedRing | null = null;

  constructor(masterKey: Uint8Array) {
    this.#masterKey = masterKey;
  }

  /**
   * Takes over a stored ring unless a newer one is in use already. Throws `SealBroken` where the master key does not
   * open it; the ring in use then stays in use.
   */
  async adopt(stored: StoredKeyRing): Promise<void> {
    if (this.#opened !== null && this.#opened.revision >= stored.revision) return;
    const usable = stored.keys.filter((key) => key.state.kind !== 'revoked');
    const verifiers = await Promise.all(usable.map(openVerifying));
    const opened: OpenedRing = {
      revision: stored.revision,
      keys: stored.keys,
      signer: await openSigning(activeKey(stored), this.#masterKey),
      verifiers: new Map(verifiers.map((verifier) => [verifier.kid, verifier])),
      secrets: new Map(stored.secrets.map((secret) => [secret.version, this.#openSecret(secret)])),
    };
    if (this.#opened === null || this.#opened.revision < opened.revision) this.#opened = opened;
  }

  get revision(): number {
    return this.#opened?.revision ?? 0;
  }

  signer(): SigningMaterial {
    return this.#use().signer;
  }

  /** The key of that id unless it is unknown, gone or revoked. */
  verifier(kid: string): VerifyingMaterial | undefined {
    return this.#use().verifiers.get(kid);
  }

  /** The secret that new refresh tokens are made with: the one of the highest version. */
  currentSecret(): RefreshSecret {
    const { secrets } = this.#use();
    const secret = secrets.get(Math.max(...secrets.keys()));
    if (secret === undefined) throw new Error('The key ring has no refresh secret.');
    return secret;
  }

  secret(version: number): RefreshSecret | undefined {
    return this.#use().secrets.get(version);
  }

  keys(): readonly SigningKey[] {
    return this.#use().keys;
  }

  /** RFC 7517 §5: every key that signs, will sign, or has signed tokens that may still be alive. */
  jwks(): { readonly keys: readonly Readonly<Record<string, unknown>>[] } {
    return {
      keys: this.#use()
        .keys.filter((key) => key.state.kind !== 'revoked')
        .map((key) => key.publicJwk),
    };
  }

  #openSecret(secret: StoredKeyRing['secrets'][number]): RefreshSecret {
    return {
      version: secret.version,
      bytes: unseal(secret.sealed, secretLabel(secret.version), this.#masterKey),
    };
  }

  #use(): OpenedRing {
    if (this.#opened === null) throw new Error('The key ring has not been loaded.');
    return this.#opened;
  }
}
