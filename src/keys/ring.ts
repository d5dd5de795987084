/**
 * The key ring in use: opened keys, ready to sign and verify, and the JWKS that the world sees. Takes over a stored
 * ring as a whole; never writes one. Called by the session models, the operations on keys, and `http/` for the JWKS.
 */

import type { RefreshSecret, SigningMaterial, VerifyingMaterial } from '../entities/key-material.js';
import type { StoredKeyRing } from '../entities/key-ring.js';
import type { SigningKey, StoredSigningKey } from '../entities/signing-key.js';
import { openSigning, openVerifying, secretLabel } from './material.js';
import { activeKey } from './plan.js';
import { SealBroken, unseal } from './seal.js';

interface OpenedRing {
  readonly revision: number;
  readonly keys: readonly StoredSigningKey[];
  /** Null where the active key could not be opened and nothing opened before may still sign. */
  readonly signer: SigningMaterial | null;
  readonly verifiers: ReadonlyMap<string, VerifyingMaterial>;
  readonly secrets: ReadonlyMap<number, RefreshSecret>;
}

/** `in-part`: the public half is in use; of what does not open, what had been opened before stays in use. */
export type Adoption = { readonly kind: 'whole' } | { readonly kind: 'in-part'; readonly fault: SealBroken };

export class KeyRing {
  readonly #masterKey: Uint8Array;
  #opened: OpenedRing | null = null;

  constructor(masterKey: Uint8Array) {
    this.#masterKey = masterKey;
  }

  /**
   * Takes over a stored ring unless a newer one is in use already. A ring that the master key does not open (it was
   * rewrapped under another since this process began) is taken over in part, so that keys made elsewhere verify and
   * revoked ones are forgotten here, too. Throws `SealBroken` for the first ring, where there is nothing to go on with.
   */
  async adopt(stored: StoredKeyRing): Promise<Adoption> {
    const before = this.#opened;
    if (before !== null && before.revision >= stored.revision) return { kind: 'whole' };
    const usable = stored.keys.filter((key) => key.state.kind !== 'revoked');
    const verifiers = new Map((await Promise.all(usable.map(openVerifying))).map((one) => [one.kid, one]));
    const faults: SealBroken[] = [];
    const earlier = before?.signer ?? null;
    const opened: OpenedRing = {
      revision: stored.revision,
      keys: stored.keys,
      signer: await openSigning(activeKey(stored), this.#masterKey).catch((fault: unknown) => {
        faults.push(brokenSeal(fault));
        return earlier !== null && verifiers.has(earlier.kid) ? earlier : null;
      }),
      verifiers,
      secrets: this.#openSecrets(stored.secrets, before?.secrets ?? new Map(), faults),
    };
    const [fault] = faults;
    if (fault !== undefined && before === null) throw fault;
    if (this.revision < opened.revision) this.#opened = opened;
    return fault === undefined ? { kind: 'whole' } : { kind: 'in-part', fault };
  }

  get revision(): number {
    return this.#opened?.revision ?? 0;
  }

  /** Throws where the active key is sealed under another master key and the one before signs no more. */
  signer(): SigningMaterial {
    const { signer } = this.#use();
    if (signer === null) throw new SealBroken('The master key of this process opens no key that may sign.');
    return signer;
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

  #openSecrets(
    stored: StoredKeyRing['secrets'],
    before: OpenedRing['secrets'],
    faults: SealBroken[],
  ): Map<number, RefreshSecret> {
    const opened = new Map<number, RefreshSecret>();
    for (const { version, sealed } of stored) {
      const earlier = before.get(version);
      try {
        opened.set(version, { version, bytes: unseal(sealed, secretLabel(version), this.#masterKey) });
      } catch (fault) {
        faults.push(brokenSeal(fault));
        if (earlier !== undefined) opened.set(version, earlier);
      }
    }
    return opened;
  }

  #use(): OpenedRing {
    if (this.#opened === null) throw new Error('The key ring has not been loaded.');
    return this.#opened;
  }
}

function brokenSeal(fault: unknown): SealBroken {
  if (fault instanceof SealBroken) return fault;
  throw fault;
}
