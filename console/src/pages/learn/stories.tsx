/** Stories for the simulator: to be picked, and told step by step or in one go. */

import type { ReactNode } from 'react';
import { Button, IconButton } from '../../kit/index.js';
import { ACT_LABELS } from './narration.js';
import { SCENARIOS, type Scenario } from './scenarios.js';

export function StoryPicker({
  open,
  onPick,
}: {
  readonly open: Scenario | null;
  readonly onPick: (scenario: Scenario) => void;
}): ReactNode {
  return (
    <fieldset className="stories">
      <legend className="field__label">A story to begin with</legend>
      <div className="stories__list">
        {SCENARIOS.map((scenario) => (
          <button
            key={scenario.id}
            type="button"
            className="story-chip"
            aria-pressed={scenario.id === open?.id}
            onClick={() => onPick(scenario)}
          >
            {scenario.title}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

export function StoryTeller({
  story,
  told,
  onTell,
  onClose,
}: {
  readonly story: Scenario;
  /** Steps so far. */
  readonly told: number;
  readonly onTell: (count: number) => void;
  readonly onClose: () => void;
}): ReactNode {
  const left = story.acts.length - told;
  const next = story.acts[told];
  return (
    <section className="story" aria-label={`Story: ${story.title}`}>
      <header className="story__head">
        <h3>{story.title}</h3>
        <IconButton icon="close" label="Leave the story" onClick={onClose} />
      </header>
      <ol className="story__steps">
        {story.acts.map((what, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a story never changes, and may do the same thing twice.
            key={index}
            className={index < told ? 'is-told' : index === told ? 'is-next' : ''}
            aria-current={index === told ? 'step' : undefined}
          >
            {ACT_LABELS[what]}
          </li>
        ))}
      </ol>
      {left > 0 ? (
        <div className="story__actions">
          <Button tone="primary" onClick={() => onTell(1)}>
            Next: {next === undefined ? '' : ACT_LABELS[next]}
          </Button>
          <Button onClick={() => onTell(left)}>All steps</Button>
        </div>
      ) : (
        <p className="story__moral" role="status">
          {story.moral}
        </p>
      )}
    </section>
  );
}
