/** The three session models for learners: what travels where, and what is asked of whom. */

import type { ModelName } from '../../../../src/entities/session-model.js';

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

/** As the API writes it. */
export function modelOf(name: string): ModelName {
  return name === 'STATEFUL' ? 'stateful' : name === 'STATELESS' ? 'stateless' : 'hybrid';
}
