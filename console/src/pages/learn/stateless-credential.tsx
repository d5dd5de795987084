/** The stateless model: a signed token in a cookie, and nothing else. The real one is not for scripts; a specimen is shown. */

import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { duration } from '../../data/times.js';
import { useViewer } from '../../data/viewer.js';
import { Notice, Section } from '../../kit/index.js';
import { CookieBox } from './cookie-box.js';
import { readToken, textOf } from './decode.js';
import type { OwnCredential } from './own-credential.js';
import { SignedToken } from './signed-token.js';
import { makeSpecimen, type Specimen } from './specimen.js';
import { Stub, Ticket } from './token-ticket.js';

export function StatelessCredential({ info, now, sessionId }: OwnCredential): ReactNode {
  const specimen = useSpecimen({ info, now, sessionId });
  const token = useMemo(() => (specimen === null ? null : readToken(specimen.text)), [specimen]);
  return (
    <>
      <Ticket
        label="Signed token, the only one"
        title={`Good for ${duration(info.accessTokenLifetime)} at a time`}
        note={`This server runs the stateless model. The token goes along with each request and speaks for itself; while it is good it buys the next, for up to ${duration(info.absoluteLifetime)}.`}
        stub={<Stub sessionId={null}>Nothing is remembered, so nothing can be taken back.</Stub>}
      />
      <Notice tone="warning" title="Logging out here is forgetting">
        The browser drops the cookie. The server keeps no sessions, so it could not refuse a copy of the token
        if it wanted to: that goes on working, and renewing itself, until it expires.
      </Notice>
      <Section title="Where it is" lead="One token is all that there is, so it had better not be stolen.">
        <CookieBox what="The token" />
      </Section>
      {specimen !== null && token !== null && (
        <SignedToken text={specimen.text} token={token} now={now} specimenKeys={specimen.keys} />
      )}
    </>
  );
}

/** Made once, with what is known of the session. Null where the browser lends no cryptography. */
function useSpecimen({ info, now, sessionId }: OwnCredential): Specimen | null {
  const viewer = useViewer();
  const [specimen, setSpecimen] = useState<Specimen | null>(null);
  useEffect(() => {
    if (viewer === null || specimen !== null || globalThis.crypto?.subtle === undefined) return;
    const iat = Math.floor(now / 1_000);
    void makeSpecimen({
      iss: info.issuer,
      aud: info.issuer,
      sub: viewer.id,
      sid: sessionId,
      client_id: 'counterfoil',
      iat,
      exp: iat + info.accessTokenLifetime,
      jti: textOf(crypto.getRandomValues(new Uint8Array(16))),
      scope: viewer.roles.map((role) => role.toLowerCase()).join(' '),
      auth_time: iat,
    }).then(setSpecimen);
  }, [viewer, specimen, info, now, sessionId]);
  return specimen;
}
