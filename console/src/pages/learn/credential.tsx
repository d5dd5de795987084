/** What a signed-in browser really holds, for learners. */

import type { ReactNode } from 'react';
import { EmptyState, PageHeader } from '../../kit/index.js';

export default function Credential(): ReactNode {
  return (
    <>
      <PageHeader title="Your credential" />
      <EmptyState title="This page is being made." />
    </>
  );
}
