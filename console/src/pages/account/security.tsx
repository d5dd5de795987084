/** My account itself: who I am here, my password, and the end of it. */

import type { ReactNode } from 'react';
import { useViewer } from '../../data/viewer.js';
import { Facts, PageHeader, Section, Serial, Skeleton, Time } from '../../kit/index.js';
import { ChangePassword } from './change-password.js';
import { DeleteAccount } from './delete-account.js';

export default function Security(): ReactNode {
  const viewer = useViewer();
  return (
    <>
      <PageHeader title="Security" lead="Your account and its password." />
      <Section title="Account">
        {viewer === null ? (
          <Skeleton rows={2} label="Your account is loading" />
        ) : (
          <Facts
            items={[
              ['Name', viewer.name],
              ['Email', viewer.email],
              ['Member since', <Time key="since" at={viewer.createdAt} exact />],
              ['Account number', <Serial key="id" id={viewer.id} whole />],
            ]}
          />
        )}
      </Section>
      <ChangePassword />
      <DeleteAccount />
    </>
  );
}
