/** Changes the password, which logs out every other device. */

import { type ReactNode, useState } from 'react';
import { type Fault, tooOften } from '../../data/faults.js';
import { useIsStateless, useServerInfo } from '../../data/server-info.js';
import { useAction } from '../../data/use-action.js';
import { useViewer } from '../../data/viewer.js';
import { ChangePasswordDocument, type ChangePasswordMutation } from '../../generated/graphql.js';
import { announce, Button, Form, Section, TextField, type Values } from '../../kit/index.js';
import { ask, client } from '../../session/client.js';

interface Refusal {
  readonly fault?: Fault;
  readonly present?: string;
  readonly next?: readonly string[];
}

export function ChangePassword(): ReactNode {
  const email = useViewer()?.email ?? '';
  const rules = useServerInfo()?.passwordRules;
  const isStateless = useIsStateless();
  const [refusal, setRefusal] = useState<Refusal>({});
  const [faults, setFaults] = useState(0);
  /** A new key empties the fields, once what was typed has been taken. */
  const [round, setRound] = useState(0);
  const change = useAction(async ({ present = '', next = '' }: Values) => {
    setRefusal({});
    const input = { currentPassword: present, newPassword: next };
    const { changePassword } = await ask(ChangePasswordDocument, { input });
    if (changePassword.__typename !== 'ChangePasswordSuccess') {
      setRefusal(refusalOf(changePassword));
      return setFaults((count) => count + 1);
    }
    client.adopt(changePassword.tokens);
    setRound((count) => count + 1);
    const { sessionsEnded: count } = changePassword;
    const ended = count === 1 ? 'One other device was' : `${count} other devices were`;
    const none = isStateless ? 'Other devices stay signed in.' : 'No other device was signed in.';
    const text = count === 0 ? none : `${ended} logged out.`;
    announce({ tone: 'good', title: 'Your password is changed', text });
  });
  return (
    <Section
      title="Password"
      lead={
        isStateless
          ? 'Whoever signs in needs the new one. Devices that are signed in stay so: this server keeps no list of them.'
          : 'A new one logs out every other device. This one stays signed in.'
      }
    >
      <Form
        key={round}
        label="Change password"
        onSubmit={change.run}
        fault={refusal.fault ?? change.fault}
        faults={faults}
        actions={
          <Button type="submit" tone="primary" busy={change.isRunning}>
            Change password
          </Button>
        }
      >
        {/* For password managers, which have to know whose password it is. */}
        <input
          className="visually-hidden"
          tabIndex={-1}
          aria-hidden="true"
          autoComplete="username"
          value={email}
          readOnly
        />
        <TextField
          label="Current password"
          name="present"
          type="password"
          autoComplete="current-password"
          required
          error={refusal.present}
        />
        <TextField
          label="New password"
          name="next"
          type="password"
          autoComplete="new-password"
          required
          hint={rules && `${rules.minLength} characters or more. A few unrelated words do well.`}
          error={refusal.next}
        />
      </Form>
    </Section>
  );
}

type Refused = Exclude<ChangePasswordMutation['changePassword'], { __typename: 'ChangePasswordSuccess' }>;

function refusalOf(outcome: Refused): Refusal {
  switch (outcome.__typename) {
    case 'InvalidCredentials':
      return { present: 'This is not your password.' };
    case 'WeakPassword':
      return { next: outcome.reasons };
    case 'Throttled':
      return { fault: tooOften(outcome) };
  }
}
