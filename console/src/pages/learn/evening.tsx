/** The same deeds in three worlds at once: who is in, what the database had to do, and what each world answered. */

import { type ReactNode, useState } from 'react';
import { MODEL_NAMES, type ModelName } from '../../../../src/entities/session-model.js';
import { Button, Icon, Table } from '../../kit/index.js';
import { STORIES } from './model-stories.js';
import { Shape } from './ticket-row.js';
import type { Answer, Deed, World } from './world.js';
import { beginWorld, doDeed } from './worlds.js';

const DEED_LABELS: Readonly<Record<Deed, string>> = {
  request: 'The owner asks for something',
  logout: 'The owner logs out',
  'logout-everywhere': 'The owner logs out everywhere',
  steal: 'A thief copies all of it',
  'thief-request': 'The thief asks for something',
  'leak-key': 'The signing key leaks',
  forge: 'The thief forges a token',
  'revoke-key': 'The signing key is revoked',
  wait: '6 minutes pass, all go on',
};
const GROUPS: readonly (readonly [string, readonly Deed[]])[] = [
  ['Owner', ['request', 'logout', 'logout-everywhere']],
  ['Thief', ['steal', 'thief-request', 'forge']],
  ['Server', ['leak-key', 'revoke-key', 'wait']],
];

type Worlds = readonly World[];
interface Moment {
  readonly number: number;
  readonly deed: Deed;
  readonly answers: Readonly<Record<ModelName, Answer | null>>;
}

const worldsFor = (own: ModelName | null): Worlds =>
  [own ?? 'hybrid', ...MODEL_NAMES.filter((model) => model !== (own ?? 'hybrid'))].map(beginWorld);

export function Evening({ own }: { readonly own: ModelName | null }): ReactNode {
  const [worlds, setWorlds] = useState<Worlds | null>(null);
  const [moments, setMoments] = useState<readonly Moment[]>([]);
  const shown = worlds ?? worldsFor(own);

  function perform(deed: Deed): void {
    const next = shown.map((world) => doDeed(world, deed));
    setWorlds(next);
    const answers = Object.fromEntries(next.map(({ model, last }) => [model, last])) as Moment['answers'];
    setMoments([{ number: moments.length + 1, deed, answers }, ...moments]);
  }
  const latest = moments[0];
  return (
    <div className="evening">
      <div className="evening__deeds">
        {GROUPS.map(([group, deeds]) => (
          <fieldset key={group} className="evening__group">
            <legend className="field__label">{group}</legend>
            {deeds.map((deed) => (
              <Button key={deed} className="button--small" data-deed={deed} onClick={() => perform(deed)}>
                {DEED_LABELS[deed]}
              </Button>
            ))}
          </fieldset>
        ))}
      </div>
      <ul className="worlds" aria-label="The worlds as they are now">
        {shown.map((world) => (
          <WorldCard key={world.model} world={world} />
        ))}
      </ul>
      <p className="visually-hidden" role="status">
        {latest &&
          `${DEED_LABELS[latest.deed]}. ${shown.map(({ model, last }) => `${STORIES[model].title}: ${last?.text ?? ''}`).join(' ')}`}
      </p>
      {moments.length > 0 && (
        <>
          <Table
            caption="What each world answered, the latest first"
            columns={[
              { title: 'Deed', cell: ({ deed }: Moment) => <strong>{DEED_LABELS[deed]}</strong> },
              ...shown.map(({ model }) => ({
                title: STORIES[model].title,
                cell: ({ answers }: Moment) => <AnswerCell answer={answers[model]} />,
              })),
            ]}
            rows={moments}
            keyOf={({ number }) => String(number)}
          />
          <div>
            <Button
              icon="rotate"
              onClick={() => {
                setWorlds(null);
                setMoments([]);
              }}
            >
              Another evening
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function WorldCard({ world }: { readonly world: World }): ReactNode {
  return (
    <li className="world" data-model={world.model}>
      <p className="world__title">{STORIES[world.model].title}</p>
      <p className="world__who">
        <span className="holder holder--owner">
          <Shape of="owner" /> Owner {world.owner === null ? 'is out' : 'has a token'}
        </span>
        <span className="holder holder--thief">
          <Shape of="thief" /> Thief{' '}
          {world.thief === null ? 'has nothing' : world.thief.isForged ? 'has a forgery' : 'has a copy'}
        </span>
      </p>
      <p className="world__count">
        Database: asked {world.reads} ×, written {world.writes} ×
      </p>
    </li>
  );
}

const MARKS = { yes: 'check', no: 'close', done: 'next', cannot: 'warning' } as const;
const WORDS = { yes: 'Works', no: 'Refused', done: 'Done', cannot: 'Powerless' } as const;

function AnswerCell({ answer }: { readonly answer: Answer | null }): ReactNode {
  if (answer === null) return null;
  return (
    <span className={`answer answer--${answer.kind}`}>
      <span className="answer__word">
        <Icon name={MARKS[answer.kind]} size={15} /> {WORDS[answer.kind]}
      </span>
      <span>{answer.text}</span>
    </span>
  );
}
