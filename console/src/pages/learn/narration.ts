/** What happens in the simulator, in words: for the timeline, and for those who listen. Pure. */

import type { Act, Step, Who } from './play.js';

export const ACT_LABELS: Readonly<Record<Act, string>> = {
  refresh: 'Refresh',
  'both-tabs': 'Both tabs refresh',
  'lose-answer': 'Refresh, answer lost',
  retry: 'Retry, same key',
  'retry-without-key': 'Retry, no key',
  steal: 'Steal a copy',
  'thief-refresh': 'Thief refreshes',
  'thief-without-key': 'Thief, without a key',
  'thief-guess': 'Thief guesses',
  logout: 'Log out',
  'logout-everywhere': 'Log out everywhere',
  'power-cut': 'Power cut: 2 rotations lost',
  'wait-10': 'Wait 10 s',
  'wait-40': 'Wait 40 s',
};

const EVENTS: Readonly<Partial<Record<Act, string>>> = {
  steal: 'A thief copies the owner’s token. Nobody notices.',
  logout: 'The owner logs out. The row is marked as ended, and that is on the disk before it is answered.',
  'logout-everywhere': 'The owner logs out everywhere: one counter, the epoch, goes up by one.',
  'power-cut': 'The power fails. The database comes back without its last rotations.',
  'wait-10': '10 seconds pass.',
  'wait-40': '40 seconds pass. The grace is over.',
};

const NAMES: Readonly<Record<Who, string>> = {
  owner: 'The owner',
  'second tab': 'The owner’s second tab',
  thief: 'The thief',
};

/** Who did what. */
export function deed(step: Step): string {
  if (step.kind === 'event') return EVENTS[step.act] ?? ACT_LABELS[step.act];
  const { who, presented, key } = step;
  if (presented === null) return `${NAMES[who]} makes up a token and shows it.`;
  const attempt = key === null ? 'without a key' : `attempt “${key}”`;
  return `${NAMES[who]} shows token ${presented}, ${attempt}. The row says ${step.generation}.`;
}

/** What came of it; null for what needs no verdict. */
export function outcome(step: Step): string | null {
  if (step.kind === 'event') return null;
  const { verdict, isLost } = step;
  const lost = isLost ? ' The answer is lost on the way.' : '';
  switch (verdict.kind) {
    case 'rotate':
      return `Rotate: token ${verdict.to} is made, the row goes to ${verdict.to}.${lost}`;
    case 'replay':
      return `Replay: token ${verdict.generation} is given once more.${lost}`;
    case 'reuse':
      return 'Reuse: the session is ended, for the thief and for the owner.';
    case 'ended':
      return 'Ended: refused, the session is over.';
    case 'invalid':
      return 'Invalid: refused, and nothing else happens.';
  }
}

/** For a live region: all of it in one go. */
export function spoken(steps: readonly Step[]): string {
  return steps.map((step) => [deed(step), outcome(step)].filter(Boolean).join(' ')).join(' ');
}
