/** The stateful model: one opaque token in a cookie, and the row that remembers it. */

import type { ReactNode } from 'react';
import { duration, relative } from '../../data/times.js';
import { useQuery } from '../../data/use-query.js';
import { SessionDocument } from '../../generated/graphql.js';
import { Section } from '../../kit/index.js';
import { sessionTokenParts } from './anatomy.js';
import { AnatomyStrip } from './anatomy-strip.js';
import { CookieBox } from './cookie-box.js';
import { bytesOf } from './decode.js';
import { Places, SESSION_PLACES } from './halves.js';
import type { OwnCredential } from './own-credential.js';
import { Stub, Ticket } from './token-ticket.js';

export function StatefulCredential({ info, now, sessionId }: OwnCredential): ReactNode {
  const session = useQuery(SessionDocument, {}).data?.session ?? null;
  const digest = Array.from(bytesOf(sessionId), (byte) => byte.toString(16).padStart(2, '0'));
  return (
    <>
      <Ticket
        label="Session token, opaque"
        title={
          session === null
            ? 'Good while its row lives'
            : `Ends ${relative(Date.parse(session.expiresAt), now)}, if unused`
        }
        note={`This server runs the stateful model. The token goes along with each request, and each request looks it up. Use moves its end on; ${duration(info.absoluteLifetime)} after the sign-in it ends in any case.`}
        stub={<Stub sessionId={sessionId}>One row in the database. It is asked at every request.</Stub>}
      />
      <Section
        title="The session token"
        lead="There is nothing to decode: the token says nothing. The server remembers."
      >
        <CookieBox what="It" />
        <AnatomyStrip prefix="cfs_" parts={sessionTokenParts()} label="Parts of the session token" />
      </Section>
      <Section
        title="What the row keeps"
        lead="The fingerprint of the secret, SHA-256. Its first half is the id of your session: here it is, for real."
      >
        <div className="digest">
          <code className="digest__hex">{digest.join(' ')}</code>
          <span className="digest__rest">and 16 bytes more, which prove the whole</span>
        </div>
        <Places places={SESSION_PLACES} />
      </Section>
    </>
  );
}
