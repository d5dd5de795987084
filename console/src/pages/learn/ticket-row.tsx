/**
 * The generations of a session as a row of tickets: which the row on the server stands at, and who holds which. Each holder
 * has a colour, a shape and a name, so that none of them has to be seen.
 */

import type { ReactNode } from 'react';
import { deed } from './narration.js';
import type { Play, Step } from './play.js';
import { isOver } from './simulator.js';
import { VerdictMark } from './verdict-mark.js';

/** So many tickets fit; older ones are only counted. */
const SHOWN = 6;
/** With those that are not made yet. */
const SLOTS = 7;

export type Holder = 'row' | 'owner' | 'thief';
const NAMES: Readonly<Record<Holder, string>> = { row: 'Row', owner: 'Owner', thief: 'Thief' };

export function Shape({ of: holder }: { readonly of: Holder }): ReactNode {
  return (
    <svg className="shape" width="11" height="11" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      {holder === 'row' && <rect x="1" y="1" width="10" height="10" rx="1.5" />}
      {holder === 'owner' && <circle cx="6" cy="6" r="5.2" />}
      {holder === 'thief' && <path d="M6 .8 11.6 11H.4z" />}
    </svg>
  );
}

export function TicketRow({ play }: { readonly play: Play }): ReactNode {
  const present = play.found.session.generation;
  const last = Math.max(play.newest, present);
  const first = Math.max(0, last - SHOWN + 1);
  const generations = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  // So that the picture keeps its shape, and something is there to be reached.
  const ghosts = Array.from(
    { length: Math.max(1, SLOTS - generations.length) },
    (_, index) => last + 1 + index,
  );
  const over = isOver(play);
  return (
    <figure className={`gens ${over ? 'gens--over' : ''}`}>
      <figcaption className="gens__caption">
        <span>Tickets of this session, by generation</span>
        {over && <span className="gens__stamp">{endWord(play)}</span>}
      </figcaption>
      <ol className="gens__row">
        {first > 0 && (
          <li className="gens__more">
            <span aria-hidden="true">+{first}</span>
            <span className="visually-hidden">{first} older ones</span>
          </li>
        )}
        {generations.map((generation) => (
          <Ticket key={generation} generation={generation} play={play} isOver={over} />
        ))}
        {ghosts.map((generation) => (
          <li key={generation} className="gen gen--next" aria-hidden="true">
            <span className="gen__number">{generation}</span>
            <span className="gen__word">{over ? 'never made' : 'not made yet'}</span>
          </li>
        ))}
      </ol>
      <Latest step={play.steps.at(-1)} />
    </figure>
  );
}

/** What the picture has just changed for. The timeline below says it, too, so those who listen have it from there. */
function Latest({ step }: { readonly step: Step | undefined }): ReactNode {
  return (
    <div className="gens__latest" aria-hidden="true">
      <p>{step === undefined ? 'The owner has just signed in and holds token 0.' : deed(step)}</p>
      {step?.kind === 'refresh' && (
        <p className="gens__verdict">
          <VerdictMark kind={step.verdict.kind} /> <span>{step.row.why}</span>
        </p>
      )}
    </div>
  );
}

function Ticket({
  generation,
  play,
  isOver: over,
}: {
  readonly generation: number;
  readonly play: Play;
  readonly isOver: boolean;
}): ReactNode {
  const present = play.found.session.generation;
  const holders: Holder[] = [];
  if (generation === present) holders.push('row');
  if (play.owner.generation === generation) holders.push('owner');
  if (play.thief.generation === generation) holders.push('thief');
  const state = over ? 'void' : generation < present ? 'used' : generation === present ? 'present' : 'ahead';
  return (
    <li className={`gen gen--${state}`}>
      <span className="gen__number">
        <span className="visually-hidden">Ticket </span>
        {generation}
      </span>
      <span className="gen__word">{WORDS[state]}</span>
      <span className="gen__holders">
        {holders.map((holder) => (
          <span key={holder} className={`holder holder--${holder}`}>
            <Shape of={holder} /> {NAMES[holder]}
          </span>
        ))}
      </span>
    </li>
  );
}

const WORDS = { void: 'void', used: 'used', present: 'newest', ahead: 'ahead of the row' } as const;

function endWord({ found: { session } }: Play): string {
  if (session.life.kind !== 'ended') return 'Ended: logged out everywhere';
  return session.life.reason === 'reuse' ? 'Ended: reuse' : 'Ended: logged out';
}
