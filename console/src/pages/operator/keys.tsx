/** Signing keys, for operators: the ring as a timeline and as a table, and what rotating or revoking would do. */

import '../../styles/operator.css';
import '../../styles/operator-keys.css';
import { type ReactNode, useState } from 'react';
import { useServerNow } from '../../data/server-info.js';
import { duration } from '../../data/times.js';
import { useQuery } from '../../data/use-query.js';
import { type KeyFragment, SigningKeyPolicyDocument, SigningKeysDocument } from '../../generated/graphql.js';
import {
  Badge,
  Button,
  FaultNotice,
  Notice,
  PageHeader,
  Section,
  Serial,
  Skeleton,
  Table,
  Time,
} from '../../kit/index.js';
import { useSessionEvents } from '../../session/push.js';
import { KeyLegend } from './key-legend.js';
import { type KeyPolicy, nextRotation, type Rotation, standbyOf } from './key-life.js';
import { KeyPatterns } from './key-patterns.js';
import { KeyTimeline } from './key-timeline.js';
import { algorithmName, rotationTime, STATES, shortKid } from './key-words.js';
import { Revoke } from './revoke.js';
import { Rotate } from './rotate.js';

export default function Keys(): ReactNode {
  const ring = useQuery(SigningKeysDocument, {});
  const [isRotating, setRotating] = useState(false);
  const [revoking, setRevoking] = useState<KeyFragment | null>(null);
  const now = useServerNow(10_000);
  const terms = useQuery(SigningKeyPolicyDocument, {});
  useSessionEvents(({ __typename }) => {
    if (__typename === 'SigningKeyRotatedEvent') void ring.reload();
  });
  const keys = ring.data?.signingKeys ?? null;
  const policy = terms.data?.signingKeyPolicy ?? null;
  const rotation = keys === null || policy === null ? null : nextRotation(keys, policy);
  const fault = ring.fault ?? terms.fault;
  const reload = async () => {
    await Promise.all([ring.reload(), terms.reload()]);
  };

  return (
    <>
      <PageHeader
        title="Signing keys"
        lead="What access tokens are signed with. One key signs; the next is published long before it does."
        actions={
          <Button
            tone="primary"
            icon="key"
            disabled={keys === null || policy === null}
            onClick={() => setRotating(true)}
          >
            Rotate…
          </Button>
        }
      />
      {fault !== null && <FaultNotice fault={fault} onRetry={reload} />}
      {(keys === null || policy === null) && fault === null && <Skeleton label="The keys are loading" />}
      {keys !== null && policy !== null && (
        <>
          <KeyPatterns />
          {rotation !== null && <NextRotation keys={keys} rotation={rotation} policy={policy} />}
          <KeyTimeline keys={keys} rotation={rotation} now={now} onRevoke={setRevoking} />
          <p className="aside timeline__note">
            Time runs from left to right, and is drawn the larger the nearer it is.
          </p>
          <KeyLegend />
          <Section title="The same as a table">
            <KeyTable keys={keys} />
          </Section>
          {isRotating && (
            <Rotate keys={keys} policy={policy} onClose={() => setRotating(false)} onDone={ring.reload} />
          )}
          {revoking !== null && (
            <Revoke target={revoking} keys={keys} onClose={() => setRevoking(null)} onDone={ring.reload} />
          )}
        </>
      )}
    </>
  );
}

function NextRotation({
  keys,
  rotation,
  policy,
}: {
  readonly keys: readonly KeyFragment[];
  readonly rotation: Rotation;
  readonly policy: KeyPolicy;
}): ReactNode {
  const standby = standbyOf(keys);
  const name = standby === null ? 'The standby' : `Key ${shortKid(standby.kid)}`;
  if (rotation.kind === 'scheduled')
    return (
      <div className="standing">
        <Notice icon="key" title={`Rotation scheduled for ${rotationTime(rotation)}`}>
          {name} signs then. Every verifier can know it by that time.
        </Notice>
      </div>
    );
  return (
    <p className="next-rotation">
      Next rotation by itself: <strong>{rotationTime(rotation)}</strong>, when the active key is{' '}
      {duration(policy.rotationPeriod)} old.
    </p>
  );
}

const none = <span className="none">–</span>;

function KeyTable({ keys }: { readonly keys: readonly KeyFragment[] }): ReactNode {
  return (
    <Table
      caption="Signing keys, newest first"
      rows={keys}
      keyOf={({ kid }) => kid}
      columns={[
        { title: 'Key', cell: ({ kid }) => <Serial id={kid} /> },
        {
          title: 'State',
          cell: ({ state }) => <Badge tone={STATES[state].tone}>{STATES[state].name}</Badge>,
        },
        { title: 'Algorithm', cell: ({ algorithm }) => algorithmName(algorithm) },
        { title: 'Published', cell: ({ publishedAt }) => <Time at={publishedAt} exact /> },
        { title: 'Signs', cell: (key) => <Signs of={key} /> },
        { title: 'End', cell: (key) => <End of={key} /> },
      ]}
    />
  );
}

function Signs({ of: { activatedAt, activatesAt, retiredAt } }: { readonly of: KeyFragment }): ReactNode {
  if (activatesAt !== null)
    return (
      <span>
        from <Time at={activatesAt} exact />
      </span>
    );
  if (activatedAt === null) return none;
  return (
    <span>
      from <Time at={activatedAt} exact />
      {retiredAt !== null && (
        <>
          {' '}
          until <Time at={retiredAt} exact />
        </>
      )}
    </span>
  );
}

function End({ of: { goneAt, revokedAt, revokedReason } }: { readonly of: KeyFragment }): ReactNode {
  if (revokedAt !== null)
    return (
      <span>
        revoked <Time at={revokedAt} exact />: {revokedReason}
      </span>
    );
  if (goneAt === null) return none;
  return (
    <span>
      leaves the JWKS <Time at={goneAt} exact />
    </span>
  );
}
