/** Refreshing, for learners: really, with one's own tokens, and in a play with a thief that the server's own judge decides. */

import type { ReactNode } from 'react';
import { useServerInfo, useServerNow } from '../../data/server-info.js';
import { PageHeader, Section } from '../../kit/index.js';
import '../../styles/learn.css';
import '../../styles/learn-rotation.css';
import { OtherChapters } from './chapters.js';
import { modelOf } from './model-stories.js';
import { RealRefresh } from './real-refresh.js';
import { Simulator } from './simulator-view.js';

export default function Rotation(): ReactNode {
  const info = useServerInfo();
  const now = useServerNow();
  const model = info === null ? null : modelOf(info.sessionModel);
  return (
    <>
      <PageHeader
        title="Rotation"
        lead="Each refresh replaces the refresh token. A used one that is shown again gives a thief away. But two tabs, or an answer that is lost, look just like that: here is how the server tells them apart."
      />
      <Section
        title="Play it through"
        lead="An owner, a thief, and the row on the server. Each verdict comes from the very function that the server decides by."
      >
        <Simulator />
      </Section>
      {model !== null && (
        <Section title="Refresh for real" lead={REAL[model]}>
          <RealRefresh model={model} now={now} />
        </Section>
      )}
      <OtherChapters open="/learn/rotation" />
    </>
  );
}

const REAL = {
  hybrid:
    'Your own session: the refresh token in the cookie is shown, the next generation is made, and a new access token comes back. The verdict follows from the generation: one more is a rotation; the same again, where a refresh was asked for, the repetition of an attempt.',
  stateful:
    'This server runs the stateful model, where nothing rotates: the token stays, and use moves its end on.',
  stateless:
    'This server runs the stateless model, where nothing is judged: a good token buys the next, and the old one stays good until it expires.',
} as const;
