/** What errors of the client say, by kind, where nobody else has said it. */

export const TEXTS = {
  unreachable: 'The server cannot be reached.',
  unavailable: 'The server cannot serve this right now.',
  storage: 'What this device keeps of the session cannot be read or written.',
} as const;
