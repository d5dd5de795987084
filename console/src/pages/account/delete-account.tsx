/** Deletes the account, after the password has been given once more. */

import { type ReactNode, useState } from 'react';
import { type Fault, tooOften } from '../../data/faults.js';
import { useIsStateless } from '../../data/server-info.js';
import { useAction } from '../../data/use-action.js';
import { DeleteAccountDocument } from '../../generated/graphql.js';
import { Button, Dialog, Form, Section, TextField, type Values } from '../../kit/index.js';
import { ask, client } from '../../session/client.js';
import { forgetEnd, noteEnd } from '../../session/end-of-session.js';

export function DeleteAccount(): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const isStateless = useIsStateless();
  return (
    <Section
      title="Delete account"
      lead={`Your name, address and password are removed at once${isStateless ? '' : ', and every device is logged out'}. What happened stays in the operators’ audit log until it is too old to be kept.`}
    >
      <div>
        <Button tone="danger" onClick={() => setOpen(true)}>
          Delete account…
        </Button>
      </div>
      <Dialog title="Delete your account?" isOpen={isOpen} onClose={() => setOpen(false)}>
        <p>
          {isStateless ? 'Nobody' : 'Every device is logged out, and nobody'} can sign in as you any more.{' '}
          <strong>This cannot be undone.</strong>
        </p>
        <DeleteForm onCancel={() => setOpen(false)} />
      </Dialog>
    </Section>
  );
}

function DeleteForm({ onCancel }: { readonly onCancel: () => void }): ReactNode {
  const [wrong, setWrong] = useState<string | null>(null);
  const [throttled, setThrottled] = useState<Fault | null>(null);
  const [faults, setFaults] = useState(0);
  const remove = useAction(async ({ password = '' }: Values) => {
    setWrong(null);
    setThrottled(null);
    noteEnd('OWN_DELETION');
    const { deleteAccount } = await ask(DeleteAccountDocument, { input: { password } }).catch((fault) => {
      forgetEnd();
      throw fault;
    });
    if (deleteAccount.__typename === 'DeleteAccountSuccess') return client.ended();
    forgetEnd();
    if (deleteAccount.__typename === 'InvalidCredentials') setWrong('This is not your password.');
    else setThrottled(tooOften(deleteAccount));
    setFaults((count) => count + 1);
  });
  return (
    <Form
      label="Delete account"
      onSubmit={remove.run}
      fault={throttled ?? remove.fault}
      faults={faults}
      actions={
        <>
          <Button onClick={onCancel}>Keep my account</Button>
          <Button type="submit" tone="danger" busy={remove.isRunning}>
            Delete account
          </Button>
        </>
      }
    >
      <TextField
        label="Your password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        error={wrong}
      />
    </Form>
  );
}
