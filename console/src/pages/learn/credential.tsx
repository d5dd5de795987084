/** What a signed-in browser really holds, for learners: the tokens of this very session, under the model of this server. */

import type { ReactNode } from 'react';
import { useServerInfo, useServerNow } from '../../data/server-info.js';
import { PageHeader } from '../../kit/index.js';
import { client } from '../../session/client.js';
import '../../styles/learn.css';
import '../../styles/learn-token.css';
import { OtherChapters } from './chapters.js';
import { HybridCredential } from './hybrid-credential.js';
import { modelOf } from './model-stories.js';
import { StatefulCredential } from './stateful-credential.js';
import { StatelessCredential } from './stateless-credential.js';
import { Waiting } from './waiting.js';

const CREDENTIALS = {
  hybrid: HybridCredential,
  stateful: StatefulCredential,
  stateless: StatelessCredential,
} as const;

export default function Credential(): ReactNode {
  const info = useServerInfo();
  const now = useServerNow();
  const { state } = client;
  const sessionId = state.kind === 'signed-in' ? state.sessionId : null;
  const Own = info === null ? null : CREDENTIALS[modelOf(info.sessionModel)];
  return (
    <>
      <PageHeader
        title="Your credential"
        lead="What this browser really holds while you are signed in, taken apart. Nothing of it leaves this page."
      />
      {info === null || Own === null || sessionId === null ? (
        <Waiting label="Your credential is loading" />
      ) : (
        <Own info={info} now={now} sessionId={sessionId} />
      )}
      <OtherChapters open="/learn/credential" />
    </>
  );
}
