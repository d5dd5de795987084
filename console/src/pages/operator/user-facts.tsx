/** Who a user is, and what has to be known before anything is done to them. */

import type { ReactNode } from 'react';
import type { AccountFragment } from '../../generated/graphql.js';
import { Badge, Facts, Notice, Serial, Time } from '../../kit/index.js';
import { roleName } from './words.js';

/** What has to be known before anything is pressed. */
export function Standing({
  user,
  isSelf,
}: {
  readonly user: AccountFragment;
  readonly isSelf: boolean;
}): ReactNode {
  return (
    <div className="standing">
      {isSelf && <Notice title="This is your own account">What ends sessions here ends yours, too.</Notice>}
      {user.suspendedAt !== null && (
        <Notice tone="danger" icon="lock" title="Suspended">
          Since <Time at={user.suspendedAt} exact />
          {user.suspendedReason && <>: {user.suspendedReason}</>}
        </Notice>
      )}
    </div>
  );
}

export function AccountFacts({ user }: { readonly user: AccountFragment }): ReactNode {
  return (
    <Facts
      items={[
        ['Address', user.email],
        [
          'Roles',
          <span key="roles" className="badges">
            {user.roles.map((role) => (
              <Badge key={role} tone={role === 'OPERATOR' ? 'info' : 'plain'}>
                {roleName(role)}
              </Badge>
            ))}
          </span>,
        ],
        [
          'Joined',
          <span key="joined">
            <Time at={user.createdAt} exact /> (<Time at={user.createdAt} />)
          </span>,
        ],
        ['Id', <Serial key="id" id={user.id} whole />],
      ]}
    />
  );
}
