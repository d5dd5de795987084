/** What an operator can do to a user, each said in full before it is done: suspend, reinstate, end all sessions. */

import type { ReactNode } from 'react';
import { useServerInfo } from '../../data/server-info.js';
import { useViewer } from '../../data/viewer.js';
import {
  type AccountFragment,
  EndUserSessionsDocument,
  ReinstateUserDocument,
  SuspendUserDocument,
} from '../../generated/graphql.js';
import { announce, Confirm, Notice } from '../../kit/index.js';
import { ask, client } from '../../session/client.js';
import { residual } from '../account/residual.js';
import { Consequences, Deed } from './deed.js';
import { counted, deadBy } from './words.js';

interface Doing {
  readonly user: AccountFragment;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

/** The user was deleted in the meantime, or the server cannot do it: nothing has happened, and the page is asked anew. */
function refused(title: string, text: string): void {
  announce({ tone: 'warning', title, text });
}

/** Whether whoever did it to themselves is at the sign-in page now. */
async function isOut(): Promise<boolean> {
  return (await client.recheck()).kind === 'signed-out';
}

interface Sessions {
  readonly count: number;
  /** False where the list has not been read to its end. */
  readonly isAll: boolean;
}

export function Suspend({
  user,
  sessions,
  onClose,
  onDone,
}: Doing & { readonly sessions: Sessions }): ReactNode {
  const isSelf = useViewer()?.id === user.id;
  const info = useServerInfo();
  const isStateless = info?.sessionModel === 'STATELESS';

  async function suspend(reason: string): Promise<void> {
    const { suspendUser: outcome } = await ask(SuspendUserDocument, { input: { userId: user.id, reason } });
    if (outcome.__typename === 'SuspendUserSuccess') {
      const { sessionsEnded, accessTokensDeadBy } = outcome;
      const ended = isStateless ? '' : `, and ${counted(sessionsEnded, 'session')} ended`;
      announce({
        tone: 'good',
        title: `${user.name} is suspended${ended}`,
        text: deadBy(accessTokensDeadBy),
      });
      if (isSelf && (await isOut())) return;
    } else refused('Nobody was suspended', outcome.message);
    onClose();
    await onDone();
  }

  return (
    <Deed
      title={`Suspend ${user.name}?`}
      action={isSelf ? 'Suspend myself' : 'Suspend'}
      reasonHint="For operators to read; 200 characters. The user is not told it."
      {...(isSelf ? { pledge: 'This is my own account, and I want to be locked out.' } : {})}
      onClose={onClose}
      onDo={suspend}
    >
      {isSelf && (
        <Notice tone="danger" title="You would suspend yourself" isAlert>
          {isStateless
            ? 'You are an operator no more, at once; a token that is out goes on without that.'
            : 'You are logged out at once.'}{' '}
          Only another operator, or <code>counterfoil users reinstate</code> on the server, can undo it.
        </Notice>
      )}
      <Consequences
        items={[
          endOf(sessions, isStateless),
          <>
            Nobody can sign in as {user.email} until they are reinstated. They are told that it is suspended.
          </>,
          'The account and its password stay as they are.',
          residual(info),
        ]}
      />
    </Deed>
  );
}

function endOf({ count, isAll }: Sessions, isStateless: boolean): string {
  if (isStateless) return 'This server keeps no sessions, so none can be ended.';
  if (!isAll) return `All sessions end at once: more than ${count}.`;
  return count === 0
    ? 'No session has to end: none is open.'
    : count === 1
      ? 'Their one session ends at once.'
      : `All ${count} sessions end at once.`;
}

export function EndSessions({
  user,
  isOpen,
  onClose,
  onDone,
}: Doing & { readonly isOpen: boolean }): ReactNode {
  const isSelf = useViewer()?.id === user.id;
  const info = useServerInfo();

  async function endAll(): Promise<void> {
    const { endUserSessions: outcome } = await ask(EndUserSessionsDocument, { input: { userId: user.id } });
    if (outcome.__typename === 'EndUserSessionsSuccess') {
      const title = `${counted(outcome.sessionsEnded, 'session')} of ${user.name} ended`;
      announce({ tone: 'good', title, text: deadBy(outcome.accessTokensDeadBy) });
      if (isSelf && (await isOut())) return;
    } else refused('No session was ended', outcome.message);
    onClose();
    await onDone();
  }

  return (
    <Confirm
      title={`End all sessions of ${user.name}?`}
      action="End all"
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={endAll}
    >
      {isSelf && (
        <Notice tone="warning" title="These are your own sessions">
          You are logged out here, too.
        </Notice>
      )}
      <Consequences
        items={[
          'Every device is at its sign-in page, and needs the password to come back.',
          'They can sign in again at once. To prevent that, suspend them.',
          residual(info),
        ]}
      />
    </Confirm>
  );
}

export function Reinstate({
  user,
  isOpen,
  onClose,
  onDone,
}: Doing & { readonly isOpen: boolean }): ReactNode {
  async function reinstate(): Promise<void> {
    const { reinstateUser: outcome } = await ask(ReinstateUserDocument, { input: { userId: user.id } });
    if (outcome.__typename === 'ReinstateUserSuccess')
      announce({ tone: 'good', title: `${user.name} can sign in again`, isBrief: true });
    else refused('Nobody was reinstated', outcome.message);
    onClose();
    await onDone();
  }

  return (
    <Confirm
      title={`Reinstate ${user.name}?`}
      action="Reinstate"
      tone="primary"
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={reinstate}
    >
      <p>They can sign in again with the password that they had. No session comes back.</p>
    </Confirm>
  );
}
