/** A message to a device, a user or everybody: it is shown to whoever listens at this moment; who was meant finds it later. */

import { type ReactNode, useState } from 'react';
import { tooOften } from '../../data/faults.js';
import { useAction } from '../../data/use-action.js';
import { NotifyUserDocument } from '../../generated/graphql.js';
import { announce, Button, Dialog, FaultNotice, TextArea } from '../../kit/index.js';
import { ask } from '../../session/client.js';

/** What the API takes. It counts code points and this field UTF-16, which are never fewer. */
const MESSAGE_LENGTH = 500;

export interface Addressee {
  /** As in "Message to Ada". */
  readonly name: string;
  readonly userId?: string;
  readonly sessionId?: string;
  /** Who will see it, as a sentence. */
  readonly reach: string;
}

export const EVERYBODY: Addressee = {
  name: 'everybody',
  reach: 'Everybody who is signed in and has a page open sees it at once, on every device.',
};

export function Message({
  to: { name, userId, sessionId, reach },
  onClose,
}: {
  readonly to: Addressee;
  readonly onClose: () => void;
}): ReactNode {
  const [text, setText] = useState('');
  const [problems, setProblems] = useState<readonly string[]>([]);

  const sending = useAction(async () => {
    const to = {
      ...(userId === undefined ? {} : { userId }),
      ...(sessionId === undefined ? {} : { sessionId }),
    };
    const { notifyUser: outcome } = await ask(NotifyUserDocument, { input: { ...to, text } });
    if (outcome.__typename === 'InvalidInput')
      return setProblems(outcome.problems.map(({ message }) => message));
    if (outcome.__typename === 'NotifyUserSuccess')
      announce({ tone: 'good', title: 'Sent to whoever listens now', isBrief: true });
    else if (outcome.__typename === 'SessionNotFound')
      announce({ tone: 'warning', title: 'Not sent', text: 'That device is not signed in any more.' });
    else if (outcome.__typename === 'Throttled')
      // What was written is kept.
      return announce({ tone: 'warning', title: 'Not sent', text: tooOften(outcome).text });
    else announce({ tone: 'warning', title: 'Not sent', text: 'This user is not there any more.' });
    onClose();
  });

  return (
    <Dialog
      title={`Message to ${name}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            icon="message"
            busy={sending.isRunning}
            onClick={() =>
              text.trim() === '' ? setProblems(['Write something first.']) : void sending.run()
            }
          >
            Send
          </Button>
        </>
      }
    >
      <p>
        {reach}{' '}
        {userId === undefined && sessionId === undefined
          ? 'Nobody sees it later.'
          : sessionId === undefined
            ? 'Whoever has no page open finds it in their activity.'
            : 'Where none is open, it is found in the activity, on that device alone.'}{' '}
        It is kept in the audit log.
      </p>
      <TextArea
        label="Message"
        value={text}
        onValue={(typed) => {
          setText(typed);
          setProblems([]);
        }}
        maxLength={MESSAGE_LENGTH}
        error={problems}
        required
      />
      {sending.fault !== null && <FaultNotice fault={sending.fault} />}
    </Dialog>
  );
}
