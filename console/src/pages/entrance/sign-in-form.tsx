/** Signs in. Which of address and password was wrong is not said, as the server does not say it. */

import { type ReactNode, useState } from 'react';
import { type Fault, tooOften } from '../../data/faults.js';
import { useAction } from '../../data/use-action.js';
import { Button } from '../../kit/button.js';
import { TextField } from '../../kit/field.js';
import { Form, type Values } from '../../kit/form.js';
import { client } from '../../session/client.js';
import { forgetEnd } from '../../session/end-of-session.js';

export function SignInForm(): ReactNode {
  const [refusal, setRefusal] = useState<Fault | null>(null);
  const signIn = useAction(async ({ email = '', password = '' }: Values) => {
    setRefusal(null);
    const outcome = await client.login({ email, password });
    if (outcome.__typename === 'LoginSuccess') forgetEnd();
    else setRefusal(refusalOf(outcome));
  });
  return (
    <Form
      label="Sign in"
      onSubmit={signIn.run}
      fault={refusal ?? signIn.fault}
      actions={
        <Button type="submit" tone="primary" wide busy={signIn.isRunning}>
          Sign in
        </Button>
      }
    >
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        inputMode="email"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
    </Form>
  );
}

type Refusal = Exclude<Awaited<ReturnType<typeof client.login>>, { __typename: 'LoginSuccess' }>;

function refusalOf(outcome: Refusal): Fault {
  switch (outcome.__typename) {
    case 'InvalidCredentials':
      return { title: 'You are not signed in', text: outcome.message, canRetry: false };
    case 'AccountSuspended':
      return { title: 'Your account is suspended', text: outcome.message, canRetry: false };
    case 'Throttled':
      return tooOften(outcome);
  }
}
