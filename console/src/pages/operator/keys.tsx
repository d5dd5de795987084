/** Signing keys, for operators. */

import type { ReactNode } from 'react';
import { EmptyState, PageHeader } from '../../kit/index.js';

export default function Keys(): ReactNode {
  return (
    <>
      <PageHeader title="Signing keys" />
      <EmptyState title="This page is being made." />
    </>
  );
}
