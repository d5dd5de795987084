/** Audit log, for operators. */

import type { ReactNode } from 'react';
import { EmptyState, PageHeader } from '../../kit/index.js';

export default function Audit(): ReactNode {
  return (
    <>
      <PageHeader title="Audit log" />
      <EmptyState title="This page is being made." />
    </>
  );
}
