/** Owner, row and thief side by side: what each has, and what each can do now. */

import type { ReactNode } from 'react';
import { ACT_LABELS } from './narration.js';
import type { Act, Play } from './play.js';
import { can, graceLeftMs, isOver } from './simulator.js';
import { type Holder, Shape } from './ticket-row.js';
import { length } from './times.js';

const OWNERS: readonly Act[] = [
  'refresh',
  'both-tabs',
  'lose-answer',
  'retry',
  'retry-without-key',
  'logout',
  'logout-everywhere',
];
const THIEVES: readonly Act[] = ['steal', 'thief-refresh', 'thief-without-key', 'thief-guess'];
const OTHERS: readonly Act[] = ['wait-10', 'wait-40', 'power-cut'];

export function PartyCards({
  play,
  onAct,
}: {
  readonly play: Play;
  readonly onAct: (act: Act) => void;
}): ReactNode {
  const card = { play, onAct };
  return (
    <div className="parties">
      <Party {...card} who="owner" title="Owner" acts={OWNERS} facts={ownerFacts(play)} />
      <Party {...card} who="row" title="The server’s row" acts={OTHERS} facts={rowFacts(play)} />
      <Party {...card} who="thief" title="Thief" acts={THIEVES} facts={thiefFacts(play)} />
    </div>
  );
}

type Fact = readonly [string, string];

function ownerFacts({ owner }: Play): readonly Fact[] {
  const holds = owner.generation === null ? 'nothing: logged out' : `token ${owner.generation}`;
  if (owner.pending === null) return [['Holds', holds]];
  const { key } = owner.pending;
  return [
    ['Holds', holds],
    ['Waits for', key === null ? 'an answer that never came' : `the answer to “${key}”`],
  ];
}

function thiefFacts({ thief }: Play): readonly Fact[] {
  return [['Holds', thief.generation === null ? 'nothing' : `a copy of token ${thief.generation}`]];
}

function rowFacts(play: Play): readonly Fact[] {
  const { found, rowKey, now } = play;
  const left = graceLeftMs(play);
  return [
    ['Generation', String(found.session.generation)],
    [
      'Made by',
      found.session.generation === 0
        ? 'the sign-in'
        : rowKey === null
          ? 'an attempt without a key'
          : `attempt “${rowKey}”`,
    ],
    [
      'Grace',
      isOver(play)
        ? 'none: it is over'
        : found.session.generation === 0
          ? 'none yet'
          : left === 0
            ? 'over'
            : `${length(left)} left, for plain clients`,
    ],
    ['Clock', `${length(now)} since the sign-in`],
  ];
}

function Party({
  who,
  title,
  facts,
  acts,
  play,
  onAct,
}: {
  readonly who: Holder;
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly acts: readonly Act[];
  readonly play: Play;
  readonly onAct: (act: Act) => void;
}): ReactNode {
  return (
    <section className={`party party--${who}`} aria-label={title}>
      <h3 className="party__title">
        <Shape of={who} /> {title}
      </h3>
      <dl className="party__facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="party__acts">
        {acts.map((what) => (
          <button
            key={what}
            type="button"
            className="button button--plain button--small"
            // Not `disabled`, which would take the focus from whoever has just pressed it.
            aria-disabled={!can(play, what) || undefined}
            data-act={what}
            onClick={() => can(play, what) && onAct(what)}
          >
            {ACT_LABELS[what]}
          </button>
        ))}
      </div>
    </section>
  );
}
