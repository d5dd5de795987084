/** The three session models for learners: what travels where, and what happens when. Figures are the server's guarantees. */

import type { ModelName } from '../../../../src/entities/session-model.js';
import { GUARANTEES, type Guarantees } from '../../../../src/session/guarantees.js';

export interface Stop {
  readonly where: string;
  readonly what: string;
  /** How the stop is drawn. */
  readonly kind: 'device' | 'memory' | 'store' | 'nothing';
}

export interface ModelStory {
  readonly model: ModelName;
  readonly title: string;
  readonly motto: string;
  readonly credential: string;
  /** The way of one request. */
  readonly request: readonly Stop[];
  /** The way of one renewal. */
  readonly renewal: readonly Stop[];
}

export const STORIES: Readonly<Record<ModelName, ModelStory>> = {
  hybrid: {
    model: 'hybrid',
    title: 'Hybrid',
    motto: 'The ticket travels alone, the stub makes it accountable.',
    credential:
      'Two tokens. A signed access token of five minutes goes along with each request. A refresh token buys the next pair, and for that the session’s row is looked up.',
    request: [
      { where: 'Device', what: 'sends the access token', kind: 'device' },
      { where: 'Server’s memory', what: 'signature, expiry, and the list of what has ended', kind: 'memory' },
      { where: 'Database', what: 'not asked', kind: 'nothing' },
    ],
    renewal: [
      { where: 'Device', what: 'sends the refresh token and the attempt’s key', kind: 'device' },
      { where: 'Server', what: 'checks the tag, and judges', kind: 'memory' },
      { where: 'Database', what: 'one row: g becomes g + 1, if it is still g', kind: 'store' },
    ],
  },
  stateful: {
    model: 'stateful',
    title: 'Stateful',
    motto: 'The server remembers.',
    credential:
      'One random text that means nothing. The server keeps its fingerprint in a row and looks that up at each request.',
    request: [
      { where: 'Device', what: 'sends the session token', kind: 'device' },
      { where: 'Server', what: 'makes its fingerprint, SHA-256', kind: 'memory' },
      { where: 'Database', what: 'is there a live row with this fingerprint?', kind: 'store' },
    ],
    renewal: [
      { where: 'Device', what: 'does nothing: use is renewal', kind: 'device' },
      { where: 'Server', what: 'moves the idle expiry on', kind: 'memory' },
      { where: 'Database', what: 'one write for each minute of use', kind: 'store' },
    ],
  },
  stateless: {
    model: 'stateless',
    title: 'Stateless',
    motto: 'The token speaks for itself.',
    credential:
      'One signed text that says who you are and until when. Nothing is remembered, so nothing can be taken back.',
    request: [
      { where: 'Device', what: 'sends the signed token', kind: 'device' },
      { where: 'Server’s memory', what: 'signature and expiry', kind: 'memory' },
      { where: 'Database', what: 'not asked', kind: 'nothing' },
    ],
    renewal: [
      { where: 'Device', what: 'shows a token that is still good', kind: 'device' },
      { where: 'Server', what: 'signs the next one', kind: 'memory' },
      { where: 'Database', what: 'not asked', kind: 'nothing' },
    ],
  },
};

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

/** As the API writes it. */
export function modelOf(name: string): ModelName {
  return name === 'STATEFUL' ? 'stateful' : name === 'STATELESS' ? 'stateless' : 'hybrid';
}
