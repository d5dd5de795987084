/** Rotates the signing key, after saying which key will sign, from when, and what becomes of the others. */

import { type ReactNode, useState } from 'react';
import { serverNow } from '../../data/server-info.js';
import { absolute, duration } from '../../data/times.js';
import { useAction } from '../../data/use-action.js';
import {
  type KeyFragment,
  RotateSigningKeyDocument,
  type SigningAlgorithm,
} from '../../generated/graphql.js';
import { announce, Button, Choice, Dialog, FaultNotice, Notice, Select } from '../../kit/index.js';
import { ask } from '../../session/client.js';
import { Consequences } from './deed.js';
import { activeOf, type KeyPolicy, standbyOf } from './key-life.js';
import { ALGORITHM_NAMES, algorithmName, shortKid } from './key-words.js';
import { foreseeRotation } from './rotation-forecast.js';

type When = 'ready' | 'now';

export function Rotate({
  keys,
  policy,
  onClose,
  onDone,
}: {
  readonly keys: readonly KeyFragment[];
  readonly policy: KeyPolicy;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const [active, standby] = [activeOf(keys), standbyOf(keys)];
  const present = active?.algorithm ?? 'ES256';
  const [algorithm, setAlgorithm] = useState<SigningAlgorithm>(present);
  const [when, setWhen] = useState<When>('ready');
  const [unsupported, setUnsupported] = useState<string | null>(null);
  // What the page knew when it was opened; a minute more or less changes nothing that is said.
  const [now] = useState(serverNow);
  const forecast = foreseeRotation({
    active,
    standby,
    algorithm,
    force: when === 'now',
    publishLead: policy.publishLead,
    now,
  });

  const rotating = useAction(async () => {
    const input = { algorithm, force: when === 'now' };
    const { rotateSigningKey: outcome } = await ask(RotateSigningKeyDocument, { input });
    if (outcome.__typename === 'UnsupportedAlgorithm') return setUnsupported(outcome.message);
    announce(
      outcome.retired === null
        ? {
            tone: 'good',
            title: 'Rotation scheduled',
            text: `Key ${shortKid(outcome.standby.kid)} signs from ${absolute(outcome.activatesAt)} on.`,
          }
        : { tone: 'good', title: `Key ${shortKid(outcome.active.kid)} signs now`, isBrief: true },
    );
    onClose();
    await onDone();
  });

  return (
    <Dialog
      title="Rotate the signing key"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" busy={rotating.isRunning} onClick={() => void rotating.run()}>
            {forecast.isAtOnce ? 'Rotate now' : 'Schedule rotation'}
          </Button>
        </>
      }
    >
      <Select
        label="Algorithm"
        value={algorithm}
        error={unsupported}
        hint={
          algorithm === present ? null : 'Check first that your verifiers know it. Later rotations keep it.'
        }
        options={ALGORITHM_NAMES.map((name) => [
          name,
          name === present ? `${algorithmName(name)}, as now` : algorithmName(name),
        ])}
        onChange={(event) => {
          setUnsupported(null);
          setAlgorithm(event.target.value as SigningAlgorithm);
        }}
      />
      <Choice
        legend="When?"
        name="when"
        value={when}
        onValue={setWhen}
        options={[
          {
            value: 'ready',
            label: 'As soon as every verifier can know the key',
            hint: 'No verifier ever meets a key that it has not read.',
          },
          {
            value: 'now',
            label: 'Now, without waiting',
            hint: 'For a hurry. Verifiers may have to read the keys again.',
          },
        ]}
      />
      <div className="forecast" aria-live="polite">
        <h3>What will happen</h3>
        <Consequences
          items={[
            ...forecast.sentences,
            `The key that signs until then retires: its tokens are accepted until the last of them is dead, about ${duration(policy.tokenLingers)}.`,
            `A new ${algorithmName(algorithm)} key is published as the next standby.`,
            'Nobody is logged out, and clients need do nothing.',
          ]}
        />
        {forecast.warning && <Notice tone="warning">{forecast.warning}</Notice>}
      </div>
      {rotating.fault !== null && <FaultNotice fault={rotating.fault} />}
    </Dialog>
  );
}
