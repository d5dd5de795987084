/** The simulator: a story or one's own clicks, the tickets as a picture, and what the server has decided and why. */

import { type ReactNode, useState } from 'react';
import { Button, Select } from '../../kit/index.js';
import { spoken } from './narration.js';
import { PartyCards } from './party-cards.js';
import type { Act, ClientKind, Play } from './play.js';
import type { Scenario } from './scenarios.js';
import { act, begin } from './simulator.js';
import { StoryPicker, StoryTeller } from './stories.js';
import { TicketRow } from './ticket-row.js';
import { Timeline } from './timeline.js';
import { VerdictTable } from './verdict-table.js';

const CLIENTS: readonly (readonly [ClientKind, string])[] = [
  ['careful', 'A browser that names its attempts, like this console'],
  ['plain', 'A plain browser, without idempotency keys'],
  ['native', 'A native app that keeps its token itself'],
];

export function Simulator(): ReactNode {
  const [play, setPlay] = useState(() => begin());
  const [story, setStory] = useState<Scenario | null>(null);
  const [told, setTold] = useState(0);
  const [said, say] = useState('');

  function perform(acts: readonly Act[], from: Play): void {
    const next = acts.reduce(act, from);
    setPlay(next);
    say(spoken(next.steps.slice(from.steps.length)));
  }
  function restart(client: ClientKind, scenario: Scenario | null): void {
    setStory(scenario);
    setTold(0);
    setPlay(begin(client));
    say(
      scenario === null
        ? 'Signed in anew. The row says generation 0.'
        : `${scenario.title}, from the beginning.`,
    );
  }

  const last = play.steps.at(-1);
  return (
    <div className="sim">
      <StoryPicker open={story} onPick={(scenario) => restart(scenario.client, scenario)} />
      {story !== null && (
        <StoryTeller
          story={story}
          told={told}
          onTell={(count) => {
            perform(story.acts.slice(told, told + count), play);
            setTold(told + count);
          }}
          onClose={() => setStory(null)}
        />
      )}
      <TicketRow play={play} />
      <PartyCards
        play={play}
        onAct={(what) => {
          setStory(null);
          perform([what], play);
        }}
      />
      <p className="visually-hidden" role="status">
        {said}
      </p>
      <Timeline steps={play.steps} />
      <div className="sim__foot">
        <Select
          label="Client"
          value={play.client}
          options={CLIENTS}
          onChange={(event) => restart(event.target.value as ClientKind, null)}
        />
        <Button icon="rotate" onClick={() => restart(play.client, null)}>
          Start again
        </Button>
      </div>
      <VerdictTable matched={last?.kind === 'refresh' ? last.row.id : null} />
    </div>
  );
}
