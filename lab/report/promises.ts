/** What the models promise, as a table made of their guarantees. */

import { GUARANTEES, type Guarantees } from '../../src/session/guarantees.js';
import { MODELS } from '../harness/observation.js';
import type { Table } from '../harness/reading.js';

/** What a model promises, as a row each. A guarantee without a row does not compile. */
const ROWS: Readonly<Record<keyof Guarantees, readonly [label: string, cell: (of: Guarantees) => string]>> = {
  storeReadsPerRequest: ['database reads per request', reads],
  storeWritesPerRenewal: ['database writes per renewal', (of) => count(of.storeWritesPerRenewal)],
  revocationFelt: ['a logout is felt', (of) => FELT[of.revocationFelt]],
  endsAllSessions: ['log out all devices', (of) => (of.endsAllSessions ? 'yes' : 'not possible')],
  knowsItsSessions: ['the server knows who is signed in', (of) => (of.knowsItsSessions ? 'yes' : 'no')],
  verifiableElsewhere: [
    'other services can verify',
    (of) => (of.verifiableElsewhere ? 'by themselves' : 'by asking'),
  ],
  leakedSigningKey: ['whoever has the signing key can make', (of) => of.leakedSigningKey],
  signingKeyRevoked: ['revoking the signing key costs', (of) => of.signingKeyRevoked],
  leakedDatabase: ['a copy of the database opens', (of) => of.leakedDatabase],
  credentialBytes: ['bytes of the credential, at most', (of) => String(of.credentialBytes)],
};

const FELT: Readonly<Record<Guarantees['revocationFelt'], string>> = {
  'next request': 'at the next request',
  'within maxStaleness':
    'at the next request by the process that did it, within `COUNTERFOIL_MAX_STALENESS` by the others',
  'not before the absolute expiry': 'not at all: a copy can be renewed until the absolute expiry',
};

/** Who relies on the revocation log has to ask the database while it has lost touch with it. */
function reads({ storeReadsPerRequest, revocationFelt }: Guarantees): string {
  const log = revocationFelt === 'within maxStaleness' ? ', while in touch with the revocation log' : '';
  return `${count(storeReadsPerRequest)}${log}`;
}

function count(times: number): string {
  return times === 0 ? 'none' : String(times);
}

export function promises(): Table {
  return {
    caption: 'What each model promises',
    head: ['', ...MODELS],
    rows: Object.values(ROWS).map(([label, cell]) => [
      label,
      ...MODELS.map((model) => cell(GUARANTEES[model])),
    ]),
  };
}
