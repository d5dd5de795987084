/** Users, for operators. */

import type { ReactNode } from 'react';
import { EmptyState, PageHeader } from '../../kit/index.js';

export default function Users(): ReactNode {
  return (
    <>
      <PageHeader title="Users" />
      <EmptyState title="This page is being made." />
    </>
  );
}
