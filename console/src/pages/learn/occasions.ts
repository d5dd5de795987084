/** What happens when, under each session model: read from the guarantees that the server is tested against. */

import type { ModelName } from '../../../../src/entities/session-model.js';
import { GUARANTEES, type Guarantees } from '../../../../src/session/guarantees.js';

/** How each model stands at an occasion: for a mark beside the words, which say it, too. */
export type Standing = 'good' | 'fair' | 'poor';

export interface Occasion {
  readonly title: string;
  readonly standing: Standing;
  readonly text: string;
}

const LEAKED_KEY: Readonly<Record<Guarantees['leakedSigningKey'], readonly [Standing, string]>> = {
  'no forgeries': ['good', 'Nothing can be forged with it.'],
  'forgeries until it is revoked': ['fair', 'The thief forges access tokens until the key is revoked.'],
  'forgeries, and what they are renewed into': [
    'poor',
    'The thief forges tokens, and renews them like real ones.',
  ],
};
const REVOKED_KEY: Readonly<Record<Guarantees['signingKeyRevoked'], string>> = {
  nothing: 'Revoking it costs nobody anything.',
  'a silent refresh': 'Then honest users refresh, and notice nothing.',
  'everybody signs in again': 'Then everybody signs in again.',
};
const FELT: Readonly<Record<Guarantees['revocationFelt'], readonly [Standing, string]>> = {
  'next request': ['good', 'The row ends. Felt by the next request, everywhere.'],
  'within maxStaleness': [
    'good',
    'The row ends, and the list says so. Felt here at once and by every process within 5 s; a service that knows nothing but the public keys goes on accepting the last token until it expires.',
  ],
  'not before the absolute expiry': [
    'poor',
    'The device forgets its token. A copy goes on working, and renewing itself, for up to 90 days.',
  ],
};
const STOLEN: Readonly<Record<ModelName, readonly [Standing, string]>> = {
  stateful: ['fair', 'It works for as long as the session lives, unnoticed. Logging out ends it at once.'],
  stateless: ['poor', 'It works, renews itself, and cannot be told from yours. Nobody can end it.'],
  hybrid: [
    'good',
    'An access token dies in five minutes. A refresh token gives the thief away when both have used it.',
  ],
};

/** What happens at each occasion under a model: read from the guarantees that the server is tested against. */
export function occasionsOf(model: ModelName): readonly Occasion[] {
  const given = GUARANTEES[model];
  const reads = given.storeReadsPerRequest;
  const writes = given.storeWritesPerRenewal;
  return [
    {
      title: 'A request',
      standing: reads === 0 ? 'good' : 'fair',
      text: `${reads === 0 ? 'No look-up' : 'One look-up'} in the database; at most ${given.credentialBytes} characters travel along.`,
    },
    {
      title: 'A refresh',
      standing: writes === 0 ? 'good' : 'fair',
      text: `${writes === 0 ? 'Nothing is written: a good token buys the next' : 'One row is written'}${model === 'stateful' ? ', once for a minute of use' : ''}.`,
    },
    occasion('Logging out', FELT[given.revocationFelt]),
    occasion(
      'Logging out everywhere',
      given.endsAllSessions
        ? ['good', 'One counter goes up, whatever the number of devices.']
        : ['poor', 'Impossible: the server does not know who is signed in.'],
    ),
    occasion('A stolen token', STOLEN[model]),
    occasion('The signing key leaks', [
      LEAKED_KEY[given.leakedSigningKey][0],
      `${LEAKED_KEY[given.leakedSigningKey][1]} ${REVOKED_KEY[given.signingKeyRevoked]}`,
    ]),
    occasion('The database leaks', [
      given.leakedDatabase === 'no session' ? 'good' : 'poor',
      given.leakedDatabase === 'no session'
        ? `It opens no session: ${WHY_NOT[model]}.`
        : 'Every session can be taken over.',
    ]),
    occasion(
      'Another service wants to verify',
      given.verifiableElsewhere
        ? ['good', 'It needs the public keys, and nobody’s answer.']
        : ['fair', 'It has to ask this server at each request.'],
    ),
  ];
}

const WHY_NOT: Readonly<Record<ModelName, string>> = {
  stateful: 'it holds fingerprints, from which nobody finds the tokens',
  stateless: 'sessions are not in it',
  hybrid: 'it holds counters and salts, and never a token',
};

function occasion(title: string, [standing, text]: readonly [Standing, string]): Occasion {
  return { title, standing, text };
}
