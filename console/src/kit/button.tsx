/** Buttons, and links that look like them. */

import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';
import { Spinner } from './waiting.js';

type ButtonTone =
  /** The one thing that a page or a form is for. */
  | 'primary'
  /** Everything else. */
  | 'plain'
  /** Ends or removes something. */
  | 'danger'
  /** Without an edge, within lists. */
  | 'quiet';

interface Looks {
  readonly tone?: ButtonTone;
  readonly icon?: IconName;
  /** Fills the width that it is given. */
  readonly wide?: boolean;
}

/** A button; while `busy` it shows that it works and takes no second press. It is no submit button unless it says so. */
export function Button({
  tone = 'plain',
  icon,
  wide = false,
  busy = false,
  type = 'button',
  children,
  className = '',
  onClick,
  ...rest
}: Looks & { readonly busy?: boolean } & ButtonHTMLAttributes<HTMLButtonElement>): ReactNode {
  return (
    <button
      {...rest}
      type={type}
      className={`button button--${tone} ${wide ? 'button--wide' : ''} ${className}`}
      // Not disabled: that would take the focus away from whoever has just pressed it.
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} size={18} />}
      <span>{children}</span>
    </button>
  );
}

/** A link in the looks of a button. */
export function ButtonLink({
  tone = 'plain',
  icon,
  wide = false,
  children,
  ...rest
}: Looks & AnchorHTMLAttributes<HTMLAnchorElement>): ReactNode {
  return (
    <a {...rest} className={`button button--${tone} ${wide ? 'button--wide' : ''}`}>
      {icon && <Icon name={icon} size={18} />}
      <span>{children}</span>
    </a>
  );
}

/** A button of an icon alone; `label` is what it is called. */
export function IconButton({
  icon,
  label,
  ...rest
}: { readonly icon: IconName; readonly label: string } & ButtonHTMLAttributes<HTMLButtonElement>): ReactNode {
  return (
    <button type="button" {...rest} className="icon-button" aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}
