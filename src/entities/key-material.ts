/** Keys in use, opened: what tokens are made and checked with. Lives in memory only. */

import type { webcrypto } from 'node:crypto';
import type { SigningAlgorithm } from './signing-key.js';

export interface SigningMaterial {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: webcrypto.CryptoKey;
}

export interface VerifyingMaterial {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicKey: webcrypto.CryptoKey;
}

/** The server's refresh secret of one key version: 32 random bytes. */
export interface RefreshSecret {
  readonly version: number;
  readonly bytes: Uint8Array;
}
