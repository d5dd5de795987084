/** Keeps a page that breaks, or whose file could not be fetched, from taking the console with it. */

import { Component, type ReactNode } from 'react';
import { FaultNotice } from '../kit/notice.js';

interface Props {
  readonly children: ReactNode;
}

export class PageGuard extends Component<Props, { readonly isBroken: boolean }> {
  override readonly state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    const text = 'It could not be fetched or drawn. You are still signed in.';
    const fault = { title: 'This page cannot be shown', text, canRetry: true };
    return (
      <div className="page-guard">
        <FaultNotice fault={fault} onRetry={() => location.reload()} />
      </div>
    );
  }
}
