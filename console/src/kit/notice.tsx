/** Something that has to be said, in a box: in its place on the page, or for faults of loading with a way to try again. */

import type { ReactNode } from 'react';
import type { Fault } from '../data/faults.js';
import { Button, IconButton } from './button.js';
import { Icon, type IconName } from './icon.js';

export type Tone = 'info' | 'good' | 'warning' | 'danger';

const ICONS: Readonly<Record<Tone, IconName>> = {
  info: 'info',
  good: 'check',
  warning: 'warning',
  danger: 'warning',
};

/** A box with a message. `isAlert` is for what has just gone wrong: screen readers say it at once. */
export function Notice({
  tone = 'info',
  title,
  children,
  isAlert = false,
  icon,
  action,
  onDismiss,
}: {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly isAlert?: boolean;
  readonly icon?: IconName;
  readonly action?: ReactNode;
  readonly onDismiss?: () => void;
}): ReactNode {
  return (
    <div className={`notice notice--${tone}`} role={isAlert ? 'alert' : undefined}>
      <Icon name={icon ?? ICONS[tone]} />
      <div className="notice__body">
        {title && <p className="notice__title">{title}</p>}
        {children && <div className="notice__text">{children}</div>}
        {action}
      </div>
      {onDismiss && <IconButton icon="close" label="Dismiss" onClick={onDismiss} />}
    </div>
  );
}

/** A fault of loading or of an action, with "Try again" where that may help. */
export function FaultNotice({
  fault,
  onRetry,
  onDismiss,
}: {
  readonly fault: Fault;
  readonly onRetry?: () => unknown;
  readonly onDismiss?: () => void;
}): ReactNode {
  const retry = fault.canRetry && onRetry !== undefined;
  return (
    <Notice
      tone="danger"
      title={fault.title}
      isAlert
      action={retry && <Button onClick={() => void onRetry()}>Try again</Button>}
      {...(onDismiss === undefined ? {} : { onDismiss })}
    >
      {fault.text}
    </Notice>
  );
}
