/**
 * Says what will happen before it is done, as the kit's `Confirm` does, for what needs a reason: the reason is kept, and
 * where a deed is grave it is done only after a tick that says so.
 */

import { type ReactNode, useId, useRef, useState } from 'react';
import { useAction } from '../../data/use-action.js';
import { Button, Dialog, FaultNotice, TextArea } from '../../kit/index.js';

/** What the API keeps of a reason. */
const REASON_LENGTH = 200;

export function Deed({
  title,
  action,
  reasonHint,
  pledge,
  onClose,
  onDo,
  children,
}: {
  readonly title: string;
  readonly action: string;
  /** Who will read the reason. */
  readonly reasonHint: string;
  /** What has to be ticked. */
  readonly pledge?: string;
  readonly onClose: () => void;
  readonly onDo: (reason: string) => Promise<void>;
  readonly children: ReactNode;
}): ReactNode {
  const [reason, setReason] = useState('');
  const [isPledged, setPledged] = useState(false);
  const [hasTried, setTried] = useState(false);
  const fields = useRef<HTMLDivElement>(null);
  const doing = useAction(onDo);
  const id = useId();
  const noReason = reason.trim() === '';
  const noPledge = pledge !== undefined && !isPledged;

  function press(): void {
    setTried(true);
    if (!noReason && !noPledge) return void doing.run(reason.trim());
    fields.current?.querySelector<HTMLElement>(noReason ? 'textarea' : 'input')?.focus();
  }

  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="danger" busy={doing.isRunning} onClick={press}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      <div ref={fields} className="deed">
        <TextArea
          label="Reason"
          hint={reasonHint}
          value={reason}
          onValue={setReason}
          maxLength={REASON_LENGTH}
          rows={2}
          required
          error={hasTried && noReason ? 'Say why.' : null}
        />
        {pledge && (
          <label className="tick">
            <input
              type="checkbox"
              checked={isPledged}
              onChange={(event) => setPledged(event.target.checked)}
              aria-invalid={(hasTried && noPledge) || undefined}
              aria-describedby={hasTried && noPledge ? id : undefined}
            />
            <span>{pledge}</span>
          </label>
        )}
        {hasTried && noPledge && (
          <p className="field__error" id={id}>
            Tick this first.
          </p>
        )}
      </div>
      {doing.fault !== null && <FaultNotice fault={doing.fault} />}
    </Dialog>
  );
}

/** What will happen, one thing a line. */
export function Consequences({ items }: { readonly items: readonly ReactNode[] }): ReactNode {
  return (
    <ul className="consequences">
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list of sentences, none of which moves.
        <li key={index}>{item}</li>
      ))}
    </ul>
  );
}
