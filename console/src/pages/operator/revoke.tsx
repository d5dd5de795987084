/** Revokes a signing key, after saying what dies by it and what does not. */

import type { ReactNode } from 'react';
import { type ServerInfo, useServerInfo } from '../../data/server-info.js';
import { absolute, duration } from '../../data/times.js';
import { type KeyFragment, RevokeSigningKeyDocument } from '../../generated/graphql.js';
import { announce } from '../../kit/index.js';
import { ask } from '../../session/client.js';
import { Consequences, Deed } from './deed.js';
import { standbyOf } from './key-life.js';
import { shortKid } from './key-words.js';
import { deadBy } from './words.js';

/** How long a copy of the JWKS may be used, by its `max-age`. */
const JWKS_AGE = 300;

export function Revoke({
  target,
  keys,
  onClose,
  onDone,
}: {
  readonly target: KeyFragment;
  readonly keys: readonly KeyFragment[];
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const info = useServerInfo();
  const name = shortKid(target.kid);

  async function revoke(reason: string): Promise<void> {
    const input = { kid: target.kid, reason };
    const { revokeSigningKey: outcome } = await ask(RevokeSigningKeyDocument, { input });
    if (outcome.__typename === 'RevokeSigningKeySuccess')
      announce({
        tone: 'good',
        title: `Key ${name} is revoked`,
        ...(target.state === 'STANDBY' ? {} : { text: deadBy(outcome.accessTokensDeadBy) }),
      });
    else announce({ tone: 'warning', title: 'No key was revoked', text: outcome.message });
    onClose();
    await onDone();
  }

  return (
    <Deed
      title={`Revoke key ${name}?`}
      action="Revoke"
      reasonHint="Kept with the key, for operators to read; 200 characters."
      pledge="I know that this cannot be undone."
      onClose={onClose}
      onDo={revoke}
    >
      <p>For a key that has leaked. To change keys as planned, rotate.</p>
      <Consequences items={consequences(target, keys, info)} />
    </Deed>
  );
}

/** What becomes of those who are signed in. */
const SESSIONS = {
  HYBRID: 'Sessions live: clients refresh by themselves, and nobody signs in again.',
  STATEFUL: 'This server runs the stateful model: no session hangs on a key, and nobody signs in again.',
  STATELESS:
    'This server runs the stateless model, where the token is the session: everybody who has one of this key, you too, has to sign in again.',
} as const;

function consequences(target: KeyFragment, keys: readonly KeyFragment[], info: ServerInfo | null): string[] {
  const within = info === null ? 'within seconds' : `within ${duration(info.maxStaleness)}`;
  const erased = 'The key leaves the JWKS, and its private half is erased.';
  const elsewhere = `Services that follow the revocation feed refuse them too. Services that only read the JWKS accept them until their copy is older than ${duration(JWKS_AGE)}: restart them if you cannot wait.`;
  const sessions = SESSIONS[info?.sessionModel ?? 'HYBRID'];
  switch (target.state) {
    case 'STANDBY':
      return [
        erased,
        'It has signed nothing, so no token dies.',
        target.activatesAt === null
          ? 'Another standby is made in its place.'
          : 'Another standby is made in its place, and the scheduled rotation begins its wait anew.',
      ];
    case 'ACTIVE': {
      const standby = standbyOf(keys);
      const heir = standby === null ? 'A new key' : `The standby ${shortKid(standby.kid)}`;
      return [
        `${heir} signs at once, and a new standby is made.`,
        erased,
        `All tokens that it signed are refused by every process of this server ${within}.`,
        sessions,
        elsewhere,
      ];
    }
    default: {
      const until =
        target.goneAt === null
          ? ''
          : ` They would have been good until ${absolute(target.goneAt)} at the latest.`;
      return [
        erased,
        `Its last tokens are refused by every process of this server ${within}.${until}`,
        sessions,
        elsewhere,
      ];
    }
  }
}
