/** The access token: its length with every claim of RFC 9068 that we write, for an issuer of ordinary length and all roles. */

import { mutate } from '../../lab/harness/client.js';
import { OPERATOR, startServer } from '../../lab/harness/server.js';
import type { Figure, Measure } from '../measure.js';

/** RFC 9068 §2.2, and ours: the session and the epoch. */
const CLAIMS = [
  ...['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti', 'auth_time', 'scope'],
  ...['sid', 'epoch'],
];
const ISSUER = 'https://auth.example.com';

export const token: Measure = {
  name: 'token',
  async run({ plan, folder, say, later }) {
    const server = await startServer({
      model: 'hybrid',
      folder,
      environment: { COUNTERFOIL_ISSUER: ISSUER },
    });
    later(() => server.end());
    const figures: Figure[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1}`);
      const { tokens } = await mutate(server.url, 'login', { ...OPERATOR, delivery: 'BODY' });
      const text = tokens?.accessToken ?? '';
      const claims = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as object;
      const missing = CLAIMS.filter((name) => !(name in claims));
      if (missing.length > 0) throw new Error(`the token lacks ${missing.join(', ')}`);
      figures.push({
        budget: 'token',
        round,
        value: Buffer.byteLength(text),
        parts: [
          { what: 'access token', value: Buffer.byteLength(text), unit: 'bytes' },
          { what: 'claims in it', value: Object.keys(claims).length, unit: '' },
        ],
      });
    }
    return figures;
  },
};
