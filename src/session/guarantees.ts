/**
 * What each session model promises, as data: read by whoever compares them, and held against the real models by
 * `test/contract/session`, in both directions. A figure that is wrong here fails there.
 */

import type { ModelName } from '../entities/session-model.js';

export interface Guarantees {
  /**
   * Store reads that deciding on one request's credential takes, while the process is in touch with its log. The
   * stateful model also writes, once a minute of use: its renewal.
   */
  readonly storeReadsPerRequest: number;
  /** Store writes of one renewal; the counter that limits how often a session may be renewed is not among them. */
  readonly storeWritesPerRenewal: number;
  /** When the end of a session is felt by every process on the database. */
  readonly revocationFelt: 'next request' | 'within maxStaleness' | 'not before the absolute expiry';
  /** Whether all sessions of a user can be ended at once. */
  readonly endsAllSessions: boolean;
  /** Whether services that only know the public keys can verify the credential of a request. */
  readonly verifiableElsewhere: boolean;
  /** What whoever has the private signing key can make, and whether revoking the key is the end of it. */
  readonly leakedSigningKey:
    | 'no forgeries'
    | 'forgeries until it is revoked'
    | 'forgeries, and what they are renewed into';
  /** What revoking the signing key costs honest users. */
  readonly signingKeyRevoked: 'nothing' | 'a silent refresh' | 'everybody signs in again';
  /** What a copy of the database opens, without the master key. */
  readonly leakedDatabase: 'no session' | 'every session';
  /** Characters of the credential that goes along with each request, at most; for issuers of ordinary length. */
  readonly credentialBytes: number;
  /** Whether the server knows who is signed in, and so whom it can reach or end. */
  readonly knowsItsSessions: boolean;
}

export const GUARANTEES: Readonly<Record<ModelName, Guarantees>> = {
  stateful: {
    storeReadsPerRequest: 1,
    storeWritesPerRenewal: 1,
    revocationFelt: 'next request',
    endsAllSessions: true,
    verifiableElsewhere: false,
    leakedSigningKey: 'no forgeries',
    signingKeyRevoked: 'nothing',
    leakedDatabase: 'no session',
    credentialBytes: 54,
    knowsItsSessions: true,
  },
  stateless: {
    storeReadsPerRequest: 0,
    storeWritesPerRenewal: 0,
    revocationFelt: 'not before the absolute expiry',
    endsAllSessions: false,
    verifiableElsewhere: true,
    leakedSigningKey: 'forgeries, and what they are renewed into',
    signingKeyRevoked: 'everybody signs in again',
    leakedDatabase: 'no session',
    credentialBytes: 600,
    knowsItsSessions: false,
  },
  hybrid: {
    storeReadsPerRequest: 0,
    storeWritesPerRenewal: 1,
    revocationFelt: 'within maxStaleness',
    endsAllSessions: true,
    verifiableElsewhere: true,
    leakedSigningKey: 'forgeries until it is revoked',
    signingKeyRevoked: 'a silent refresh',
    leakedDatabase: 'no session',
    credentialBytes: 600,
    knowsItsSessions: true,
  },
};
