/**
 * Whether a server can reach its clients, in each model. There is nothing to measure before the API has subscriptions;
 * until then this says what follows from the designs, and that it is no measurement.
 */

import type { Reading } from '../harness/reading.js';

export const reading: Reading = {
  experiment: 'pushing',
  claim:
    'A server that keeps no record of who is signed in cannot push messages to signed-in clients, since it does not know whom to send them to.',
  method:
    'Not tried yet: the API has no subscriptions. Once it has, this becomes an experiment: sign in devices, open a subscription from each, send a message to one user, and count which devices hear it, per model, before and after a logout.',
  read: () => ({
    verdict: 'not measured',
    because:
      'There are no subscriptions yet, so nothing was pushed and nothing was measured. What follows is what the designs say.',
    tables: [
      {
        caption: 'What the server knows, by design',
        head: ['', 'stateful', 'stateless', 'hybrid'],
        rows: [
          ['knows which devices are signed in', 'yes', 'no', 'yes'],
          ['can list them to their owner', 'yes', 'no', 'yes'],
          ['can address a device that has a connection open', 'yes', 'yes', 'yes'],
          ['can address a device that has none', 'yes, when it calls next', 'no', 'yes, when it calls next'],
        ],
      },
    ],
    figures: [],
    choose:
      'The claim mixes two things. A message over an open connection needs the connection, and whoever opened it showed a credential: a stateless server knows the user of each connection as well as the others do. What it lacks is the list of devices that are signed in and not connected, and a way to end one of them.',
    limits: '',
  }),
};
