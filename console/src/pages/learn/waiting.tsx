/** What stands on a chapter until the server has said which model it runs, and where it cannot be asked. */

import type { ReactNode } from 'react';
import { useServerInfoFault } from '../../data/server-info.js';
import { FaultNotice, Skeleton } from '../../kit/index.js';

export function Waiting({ label }: { readonly label: string }): ReactNode {
  const { fault, retry } = useServerInfoFault();
  return fault === null ? <Skeleton label={label} /> : <FaultNotice fault={fault} onRetry={retry} />;
}
