/** The hybrid model: an access token that the page holds, and a refresh token that it may not read. */

import type { ReactNode } from 'react';
import { duration } from '../../data/times.js';
import { Section, Skeleton } from '../../kit/index.js';
import { refreshTokenParts } from './anatomy.js';
import { AnatomyStrip } from './anatomy-strip.js';
import { CookieBox } from './cookie-box.js';
import { readToken } from './decode.js';
import { Places, REFRESH_PLACES } from './halves.js';
import type { OwnCredential } from './own-credential.js';
import { SignedToken } from './signed-token.js';
import { distance, instantOf, length, partLeft } from './times.js';
import { Bar, Stub, Ticket } from './token-ticket.js';
import { useAccessToken } from './use-access-token.js';

/** What every access token of this server stays under. */
const MOST_BYTES = 600;

export function HybridCredential({ info, now, sessionId }: OwnCredential): ReactNode {
  const text = useAccessToken();
  const token = text ? readToken(text) : null;
  if (!text || token === null) return <Skeleton label="The access token is loading" />;
  const issuedAt = instantOf(token.claims['iat']) ?? now;
  const expiresAt = instantOf(token.claims['exp']) ?? now;
  const isOver = expiresAt <= now;
  return (
    <>
      <Ticket
        label="Access token, the ticket"
        title={isOver ? 'Expired, to be renewed at its next use' : `Good for ${length(expiresAt - now)}`}
        note={`Goes along with each request. Made ${distance(issuedAt, now)}; the client renews it before it ends.`}
        bars={
          <div className="pass__bars">
            <Bar
              name="Life left"
              part={partLeft(issuedAt, expiresAt, now)}
              text={`${length(expiresAt - now)} of ${length(expiresAt - issuedAt)}`}
              tone={expiresAt - now < 60_000 ? 'warning' : 'accent'}
            />
            <Bar
              name="Size"
              part={token.bytes / MOST_BYTES}
              text={`${token.bytes} of at most ${MOST_BYTES} bytes`}
            />
          </div>
        }
        stub={
          <Stub sessionId={sessionId}>
            One row in the database, which says whether the next ticket is given out.
          </Stub>
        }
      />
      <SignedToken text={text} token={token} now={now} specimenKeys={null} />
      <Section
        title="The refresh token"
        lead="It is good for one thing only: to get the next pair. So it is shown once in five minutes, and looked up."
      >
        <CookieBox what="Your refresh token" />
        <AnatomyStrip prefix="cfr_" parts={refreshTokenParts(sessionId)} label="Parts of the refresh token" />
      </Section>
      <Section
        title="Why one theft is not enough"
        lead={
          <>
            <code>tag = HMAC(HKDF(secret, salt), “refresh” · session id · generation)</code>, its first 20
            bytes. Each half lies elsewhere.
          </>
        }
      >
        <Places places={REFRESH_PLACES} />
        <p className="aside">
          As any generation can be made again, none has to be stored: one row a session, for as long as it
          lives. It lives for {duration(info.idleLifetime)} without a refresh, and for{' '}
          {duration(info.absoluteLifetime)} at most.
        </p>
      </Section>
    </>
  );
}
