/**
 * A signing key's life: standby → active → retired → gone, or → revoked from any state. The states are a union, so a
 * retired key without an end, or an active one that was never published, cannot be written down.
 */

export const SIGNING_ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'ML-DSA-44'] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

export type KeyState =
  /** Published for verifiers to learn; signs from `activatesAt` on, when a rotation has been asked for. */
  | { readonly kind: 'standby'; readonly activatesAt: number | null }
  | { readonly kind: 'active'; readonly activatedAt: number }
  /** Signs no more; verifies until the last token it signed is dead. */
  | {
      readonly kind: 'retired';
      readonly activatedAt: number;
      readonly retiredAt: number;
      readonly goneAt: number;
    }
  | { readonly kind: 'revoked'; readonly revokedAt: number; readonly reason: string };

export interface SigningKey {
  /** The RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publishedAt: number;
  readonly state: KeyState;
}

/** A key as the store holds it: the public half in the clear, the private half sealed (null once revoked). */
export interface StoredSigningKey extends SigningKey {
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly sealedPrivateKey: Uint8Array | null;
}

/** The secret behind refresh tokens, sealed; `version` is the key version byte in each token. */
export interface StoredRefreshSecret {
  readonly version: number;
  readonly sealed: Uint8Array;
  readonly createdAt: number;
}
