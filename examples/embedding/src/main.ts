/** Starts the notes server: `npm start`, then open http://localhost:4100/graphql with any GraphQL client. */

import { createCounterfoil, createLog } from 'counterfoil';
import { Notes } from './notes.js';
import { createNotesServer } from './server.js';

const PORT = 4100;

const counterfoil = await createCounterfoil(
  {
    database: 'file:./data/notes.db',
    masterKeyFile: './data/master.key',
    issuer: `http://localhost:${PORT}`,
    audience: 'notes',
    operatorEmail: 'operator@notes.example',
    operatorPassword: 'lantern gravel opera 58',
  },
  { log: createLog('info') },
);
const server = await createNotesServer(counterfoil, new Notes());
await server.listen({ host: '127.0.0.1', port: PORT });
console.log(`Notes at http://localhost:${PORT}/graphql`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await server.close();
    await counterfoil.stop();
  });
}
