/** How sessions end in the models that keep them: through the store's one door, with a row in the revocation log. */

import type { SessionModel } from './contract.js';
import { rememberUntil, type StatefulParts } from './parts.js';

type Endings = Pick<SessionModel, 'end' | 'endAll' | 'storedSession' | 'rememberUntil'>;

export function storedEndings({
  sessions,
  clock,
  policy,
}: Pick<StatefulParts, 'sessions' | 'clock' | 'policy'>): Endings {
  const until = () => rememberUntil(clock, policy);
  return {
    end: (ending) => sessions.end({ ...ending, at: clock.now(), until: until() }),
    endAll: (userId, survivor, audit) =>
      sessions.endAll({ userId, survivor, at: clock.now(), until: until(), audit }),
    storedSession: (sessionId) => sessionId,
    rememberUntil: until,
  };
}
