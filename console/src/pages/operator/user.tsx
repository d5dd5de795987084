/** One user and their devices, for operators. */

import type { ReactNode } from 'react';
import { EmptyState, PageHeader, Serial } from '../../kit/index.js';

export default function User({ id }: { readonly id: string }): ReactNode {
  return (
    <>
      <PageHeader title="User" lead={<Serial id={id} />} />
      <EmptyState title="This page is being made." />
    </>
  );
}
