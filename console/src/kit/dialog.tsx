/** Dialogs, as the browser makes them: they keep the focus, close by Escape, and give the focus back to what opened them. */

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { type Action, useAction } from '../data/use-action.js';
import { Button, IconButton } from './button.js';
import { FaultNotice } from './notice.js';

/** A modal dialog; `onClose` is called by Escape, by its cross, and by a press beside it. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  footer,
  kind = 'dialog',
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  /** A sheet comes from below on phones. */
  readonly kind?: 'dialog' | 'sheet';
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const { current } = dialog;
    if (!isOpen || current === null) return;
    const opener = document.activeElement;
    current.showModal();
    return () => {
      current.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [isOpen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside the dialog is a convenience; Escape does the same.
    <dialog
      ref={dialog}
      className={`dialog dialog--${kind}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {isOpen && (
        <div className="dialog__inner">
          <header className="dialog__header">
            <h2 id={heading}>{title}</h2>
            <IconButton icon="close" label="Close" onClick={onClose} />
          </header>
          <div className="dialog__body">{children}</div>
          {footer && <footer className="dialog__footer">{footer}</footer>}
        </div>
      )}
    </dialog>
  );
}

/** Says what will happen before it is done. `onConfirm` may reject: then the dialog stays, and shows why. */
export function Confirm({
  title,
  action,
  isOpen,
  onClose,
  onConfirm,
  tone = 'danger',
  children,
}: {
  readonly title: string;
  /** What the button says: the thing itself, such as "Log out", not "OK". */
  readonly action: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => Promise<void>;
  readonly tone?: 'danger' | 'primary';
  readonly children: ReactNode;
}): ReactNode {
  const confirming: Action<[]> = useAction(onConfirm);
  const close = () => {
    confirming.clear();
    onClose();
  };
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button tone={tone} busy={confirming.isRunning} onClick={() => void confirming.run()}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      {confirming.fault !== null && <FaultNotice fault={confirming.fault} />}
    </Dialog>
  );
}
