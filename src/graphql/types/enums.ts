/** Enumerations of the schema. */

import { registerEnumType } from 'type-graphql';
import type { EndReason } from '../../entities/session.js';
import type { ModelName } from '../../entities/session-model.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../entities/signing-key.js';
import { ROLES } from '../../entities/user.js';

export enum RoleName {
  USER = 'USER',
  OPERATOR = 'OPERATOR',
}
registerEnumType(RoleName, { name: 'Role', description: `What a user may do: ${ROLES.join(', ')}.` });

export enum DeliveryName {
  COOKIE = 'cookie',
  BODY = 'body',
}
registerEnumType(DeliveryName, {
  name: 'Delivery',
  description: 'Where the refresh token travels.',
  valuesConfig: {
    COOKIE: { description: 'Only in a __Host- cookie that no script can read: for browsers.' },
    BODY: { description: 'Only in the response body: for native apps and servers.' },
  },
});

/** GraphQL names have no hyphen: `ML_DSA_44` is `ML-DSA-44` (FIPS 204). */
export enum SigningAlgorithmName {
  ES256 = 'ES256',
  EdDSA = 'EdDSA',
  RS256 = 'RS256',
  ML_DSA_44 = 'ML-DSA-44',
}
registerEnumType(SigningAlgorithmName, {
  name: 'SigningAlgorithm',
  description: `A JWS algorithm: ${SIGNING_ALGORITHMS.join(', ')}.`,
});

export function algorithmName(algorithm: SigningAlgorithm): SigningAlgorithmName {
  return Object.values(SigningAlgorithmName).find((name) => name === algorithm) ?? SigningAlgorithmName.ES256;
}

export enum KeyStateName {
  STANDBY = 'standby',
  ACTIVE = 'active',
  RETIRED = 'retired',
  REVOKED = 'revoked',
}
registerEnumType(KeyStateName, {
  name: 'SigningKeyState',
  valuesConfig: {
    STANDBY: { description: 'Published for verifiers to learn; signs nothing yet.' },
    ACTIVE: { description: 'Signs.' },
    RETIRED: { description: 'Signs no more; its last tokens are still accepted.' },
    REVOKED: { description: 'Nothing it signed is accepted.' },
  },
});

export enum SessionModelName {
  STATEFUL = 'stateful',
  STATELESS = 'stateless',
  HYBRID = 'hybrid',
}
registerEnumType(SessionModelName, {
  name: 'SessionModel',
  description: 'Who may say that a credential is good.',
  valuesConfig: {
    STATEFUL: { description: 'The database, on each request.' },
    STATELESS: { description: 'The signature alone.' },
    HYBRID: { description: 'The signature and what was revoked; the database on each refresh.' },
  },
});

export function sessionModelName(model: ModelName): SessionModelName {
  return {
    stateful: SessionModelName.STATEFUL,
    stateless: SessionModelName.STATELESS,
    hybrid: SessionModelName.HYBRID,
  }[model];
}

export enum EndReasonName {
  LOGOUT = 'logout',
  LOGOUT_DEVICE = 'logout-device',
  LOGOUT_ALL = 'logout-all',
  REUSE = 'reuse',
  PASSWORD_CHANGED = 'password-changed',
  REPLACED = 'replaced',
  SUSPENDED = 'suspended',
  OPERATOR = 'operator',
  ACCOUNT_DELETED = 'account-deleted',
}
registerEnumType(EndReasonName, {
  name: 'EndReason',
  description: 'Why a session ended.',
  valuesConfig: {
    LOGOUT: { description: 'Its own client logged out, or a service revoked its token.' },
    LOGOUT_DEVICE: { description: 'Another device of the user ended it.' },
    LOGOUT_ALL: { description: 'The user logged out everywhere.' },
    REUSE: { description: 'A refresh token was used by two.' },
    REPLACED: { description: 'Another user signed in with the same browser.' },
    OPERATOR: { description: 'An operator ended it.' },
  },
});

const END_REASON_NAMES: Readonly<Record<EndReason, EndReasonName>> = {
  logout: EndReasonName.LOGOUT,
  'logout-device': EndReasonName.LOGOUT_DEVICE,
  'logout-all': EndReasonName.LOGOUT_ALL,
  reuse: EndReasonName.REUSE,
  'password-changed': EndReasonName.PASSWORD_CHANGED,
  replaced: EndReasonName.REPLACED,
  suspended: EndReasonName.SUSPENDED,
  operator: EndReasonName.OPERATOR,
  'account-deleted': EndReasonName.ACCOUNT_DELETED,
};

export function endReasonName(reason: EndReason): EndReasonName {
  return END_REASON_NAMES[reason];
}
