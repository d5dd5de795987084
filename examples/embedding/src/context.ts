/** What resolvers of this server find in their context: Counterfoil's part, and our own. */

import type { CounterfoilContext } from 'counterfoil';
import type { Notes } from './notes.js';

export interface NotesContext extends CounterfoilContext {
  readonly notes: Notes;
}
