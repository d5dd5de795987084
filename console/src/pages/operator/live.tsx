/** Live, for operators. */

import type { ReactNode } from 'react';
import { EmptyState, PageHeader } from '../../kit/index.js';

export default function Live(): ReactNode {
  return (
    <>
      <PageHeader title="Live" />
      <EmptyState title="This page is being made." />
    </>
  );
}
