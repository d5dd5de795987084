/** The three session models side by side, for learners: the way of a request, what happens when, and one evening in each. */

import type { ReactNode } from 'react';
import { MODEL_NAMES, type ModelName } from '../../../../src/entities/session-model.js';
import { useServerInfo } from '../../data/server-info.js';
import { PageHeader, Section, Tabs } from '../../kit/index.js';
import '../../styles/learn.css';
import '../../styles/learn-models.css';
import { OtherChapters } from './chapters.js';
import { Evening } from './evening.js';
import { ModelPanel } from './model-panel.js';
import { modelOf, STORIES } from './model-stories.js';
import { Waiting } from './waiting.js';

export default function Models(): ReactNode {
  const info = useServerInfo();
  const own = info === null ? null : modelOf(info.sessionModel);
  return (
    <>
      <PageHeader
        title="Three models"
        lead="Who may say that a credential is good: the server’s memory, the credential itself, or one for the short run and the other for the long. All three are in this server; one of them is running."
      />
      {own === null ? (
        <Waiting label="The models are loading" />
      ) : (
        <Tabs
          label="Session models"
          tabs={ordered(own).map((model) => ({
            id: model,
            title: `${STORIES[model].title}${model === own ? ', here' : ''}`,
            content: <ModelPanel model={model} isOwn={model === own} />,
          }))}
        />
      )}
      <Section
        title="One evening, three worlds"
        lead="Do the same thing in all of them, and see what each can do about it. Both the owner and the thief hold what the device holds."
      >
        <Evening own={own} />
      </Section>
      <OtherChapters open="/learn/models" />
    </>
  );
}

/** The server's own first. */
function ordered(own: ModelName): readonly ModelName[] {
  return [own, ...MODEL_NAMES.filter((model) => model !== own)];
}
