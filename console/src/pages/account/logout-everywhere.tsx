/** Logs out every device, with or without this one. */

import { type ReactNode, useState } from 'react';
import { tooOften } from '../../data/faults.js';
import { LogoutAllDevicesDocument } from '../../generated/graphql.js';
import { announce, Choice, Confirm } from '../../kit/index.js';
import { ask, client } from '../../session/client.js';
import { forgetEnd, noteEnd } from '../../session/end-of-session.js';
import { DeadBy } from './dead-by.js';

type Extent = 'others' | 'all';

export function LogoutEverywhere({
  isOpen,
  onClose,
  onDone,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const [extent, setExtent] = useState<Extent>('others');

  async function logoutAll(): Promise<void> {
    const exceptCurrent = extent === 'others';
    if (!exceptCurrent) noteEnd('OWN_LOGOUT_ALL');
    try {
      const { logoutAllDevices: outcome } = await ask(LogoutAllDevicesDocument, { input: { exceptCurrent } });
      if (outcome.__typename !== 'LogoutAllDevicesSuccess') {
        forgetEnd();
        const { text } = outcome.__typename === 'Throttled' ? tooOften(outcome) : { text: outcome.message };
        announce({ tone: 'warning', title: 'No device was logged out', text });
        return onClose();
      }
      if (!exceptCurrent) return client.ended();
      client.adopt(outcome.tokens);
      const { sessionsEnded: count } = outcome;
      announce({
        tone: 'good',
        title: count === 1 ? 'One other device is logged out' : `${count} other devices are logged out`,
        isBrief: true,
      });
      onClose();
      await onDone();
    } catch (fault) {
      forgetEnd();
      throw fault;
    }
  }

  return (
    <Confirm
      title="Log out everywhere"
      action={extent === 'others' ? 'Log out the others' : 'Log out all'}
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={logoutAll}
    >
      <Choice
        legend="Which devices?"
        name="extent"
        value={extent}
        onValue={setExtent}
        options={[
          { value: 'others', label: 'All others', hint: 'You stay signed in here.' },
          { value: 'all', label: 'All, this one too', hint: 'You sign in again, here as well.' },
        ]}
      />
      <DeadBy />
    </Confirm>
  );
}
