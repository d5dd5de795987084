/** Claims of an access token, each as long as it can be in an ordinary deployment. */

import { identifierFromBytes, type SessionId, type UserId } from '../../../src/entities/identifier.js';
import type { AccessClaims } from '../../../src/tokens/access-token.js';

export const NOW = 1_767_225_600_000;
const SECONDS = NOW / 1000;

export const CLAIMS: AccessClaims = {
  iss: 'https://accounts.identity.example.com',
  aud: 'https://api.service.example.com',
  sub: identifierFromBytes<UserId>(new Uint8Array(16).fill(1)),
  sid: identifierFromBytes<SessionId>(new Uint8Array(16).fill(2)),
  client_id: 'counterfoil',
  iat: SECONDS,
  exp: SECONDS + 300,
  jti: identifierFromBytes(new Uint8Array(16).fill(3)),
  epoch: 1_000,
  scope: 'user operator',
  auth_time: SECONDS - 86_400,
};
