/** Makes an account. Whatever is wrong with a field is said beside it. */

import { type ReactNode, useState } from 'react';
import { type Fault, tooOften } from '../../data/faults.js';
import { useServerInfo } from '../../data/server-info.js';
import { useAction } from '../../data/use-action.js';
import { Button } from '../../kit/button.js';
import { TextField } from '../../kit/field.js';
import { Form, type Values } from '../../kit/form.js';
import { client } from '../../session/client.js';

interface Refusal {
  readonly fault: Fault | null;
  readonly fields: Readonly<Record<string, readonly string[]>>;
}
const NONE: Refusal = { fault: null, fields: {} };

export function RegisterForm(): ReactNode {
  const rules = useServerInfo()?.passwordRules;
  const [refusal, setRefusal] = useState(NONE);
  const [faults, setFaults] = useState(0);
  const register = useAction(async ({ email = '', password = '', name = '' }: Values) => {
    setRefusal(NONE);
    const outcome = await client.register({ email, password, name: name.trim() === '' ? null : name });
    if (outcome.__typename === 'RegisterSuccess') return;
    setRefusal(refusalOf(outcome));
    setFaults((count) => count + 1);
  });
  return (
    <Form
      label="Create an account"
      onSubmit={register.run}
      fault={refusal.fault ?? register.fault}
      faults={faults}
      actions={
        <Button type="submit" tone="primary" wide busy={register.isRunning}>
          Create account
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
        error={refusal.fields['email']}
      />
      <TextField
        label="Name (optional)"
        name="name"
        autoComplete="name"
        maxLength={200}
        error={refusal.fields['name']}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        hint={
          rules
            ? `${rules.minLength} characters or more. A few unrelated words do well.`
            : 'A few unrelated words do well.'
        }
        error={refusal.fields['password']}
      />
    </Form>
  );
}

type Refused = Exclude<Awaited<ReturnType<typeof client.register>>, { __typename: 'RegisterSuccess' }>;

function refusalOf(outcome: Refused): Refusal {
  switch (outcome.__typename) {
    case 'EmailTaken':
      return { fault: null, fields: { email: [outcome.message] } };
    case 'WeakPassword':
      return { fault: null, fields: { password: outcome.reasons } };
    case 'InvalidInput':
      return inputProblems(outcome);
    case 'Throttled':
      return { fault: tooOften(outcome), fields: {} };
  }
}

const FIELDS = ['email', 'name', 'password'];

/** Beside the fields that there are; what is said of others is said above the button. */
function inputProblems({ message, problems }: Extract<Refused, { __typename: 'InvalidInput' }>): Refusal {
  const fields: Record<string, string[]> = {};
  for (const problem of problems) fields[problem.field] = [...(fields[problem.field] ?? []), problem.message];
  const others = problems.filter(({ field }) => !FIELDS.includes(field)).map((problem) => problem.message);
  const nowhere = problems.length === 0 || others.length > 0;
  return { fault: nowhere ? { title: message, text: others.join(' '), canRetry: false } : null, fields };
}
