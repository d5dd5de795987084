/** Refreshing one's own session, and the tokens that have come of it while the page was open, as a row of tickets. */

import { type ReactNode, useEffect, useState } from 'react';
import type { ModelName } from '../../../../src/entities/session-model.js';
import { useAction } from '../../data/use-action.js';
import { useQuery } from '../../data/use-query.js';
import { SessionDocument } from '../../generated/graphql.js';
import { Button, FaultNotice, Serial } from '../../kit/index.js';
import { useStore } from '../../session/emitter.js';
import { noteGeneration, refreshNow, seenTokens } from './refreshes.js';
import { type Seen, verdictOn } from './seen.js';
import { distance, length } from './times.js';
import { useAccessToken } from './use-access-token.js';
import { VerdictMark } from './verdict-mark.js';

export function RealRefresh({ model, now }: { readonly model: ModelName; readonly now: number }): ReactNode {
  const token = useAccessToken();
  const seen = useStore(seenTokens);
  const row = useQuery(SessionDocument, {});
  const session = row.data?.session ?? null;
  const newest = seen.at(-1)?.jti;
  useEffect(() => {
    if (newest !== undefined) void row.reload();
  }, [newest, row.reload]);
  useEffect(() => {
    if (session !== null) noteGeneration(session.generation);
  }, [session]);
  const [said, say] = useState('');
  const [count, setCount] = useState(0);
  const refreshing = useAction(async () => {
    const result = await refreshNow();
    if (result === 'nothing')
      return say('No new token: the server asked to wait, or could not be reached. Nothing is lost.');
    setCount((times) => times + 1);
    if (result === 'alive') await row.reload();
    say(
      result === 'alive'
        ? ALIVE[model]
        : 'A new pair. The old access token stays good until it expires, or until you log out.',
    );
  });
  return (
    <div className="real">
      <div className="real__head">
        <Button
          tone="primary"
          icon="rotate"
          busy={refreshing.isRunning}
          onClick={() => void refreshing.run()}
        >
          Refresh now
        </Button>
        <p className="real__count">
          <strong>{count}</strong> {count === 1 ? 'refresh' : 'refreshes'} asked for on this page
        </p>
      </div>
      <p role="status" className="real__said">
        {said}
      </p>
      {session !== null && (
        <p className="aside">
          The row says: {ROW[model](session.generation)} {distance(Date.parse(session.lastSeenAt), now)}.
        </p>
      )}
      {refreshing.fault !== null && <FaultNotice fault={refreshing.fault} onRetry={refreshing.run} />}
      {token !== null && seen.length > 0 && (
        <ol className="seen" aria-label="Access tokens that this page has seen, newest first">
          {seen
            .map((each, index) => (
              <SeenToken
                key={each.jti}
                seen={each}
                before={seen[index - 1]}
                isPresent={each.jti === newest}
                now={now}
              />
            ))
            .reverse()}
        </ol>
      )}
    </div>
  );
}

/** What the server tells of it. */
const ROW = {
  hybrid: (generation: number) => `generation ${generation}, made`,
  stateful: () => 'its use was noted, which is done once a minute,',
  stateless: () => 'signed in',
} as const;

const ALIVE = {
  hybrid: 'The session lives.',
  stateful: 'The session lives, and its end has moved on. The token is the same as before.',
  stateless:
    'The server has signed another token, into the cookie. Whoever has a copy of the one before can do the same.',
} as const;

function SeenToken({
  seen,
  before,
  isPresent,
  now,
}: {
  readonly seen: Seen;
  readonly before: Seen | undefined;
  readonly isPresent: boolean;
  readonly now: number;
}): ReactNode {
  const left = seen.exp * 1_000 - now;
  const verdict = verdictOn(seen, before);
  const came = seen.isFirst
    ? 'was here when you came'
    : seen.tookMs === null
      ? 'came by itself, or from another tab'
      : `you asked; ${seen.tookMs} ms`;
  return (
    <li className={`seen__token ${isPresent ? 'seen__token--present' : ''}`} data-jti={seen.jti}>
      <span className="seen__state">
        {isPresent ? 'In use' : left > 0 ? 'Replaced, still good' : 'Expired'}
      </span>
      <span className="seen__generation">
        Generation <strong>{seen.generation ?? '…'}</strong>
        {verdict !== null && <VerdictMark kind={verdict} />}
      </span>
      <Serial id={seen.jti} />
      <span className="seen__life">
        {left > 0 ? `good for ${length(left)}` : `expired ${length(-left)} ago`}
      </span>
      <span className="seen__came">{came}</span>
    </li>
  );
}
