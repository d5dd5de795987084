/** What has happened to my account lately. */

import type { ReactNode } from 'react';
import { EmptyState, PageHeader } from '../../kit/index.js';

export default function Activity(): ReactNode {
  return (
    <>
      <PageHeader title="Activity" lead="What has happened to your account lately." />
      <EmptyState icon="activity" title="Nothing yet." />
    </>
  );
}
