/**
 * The largest header that gets through: to our server, to Node's default one, and to and from a server behind nginx as
 * Debian configures it. Each is tried, not read up. And the largest claims with which our server knows its own token.
 */

import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { whoIs } from '../../harness/client.js';
import type { Bench } from '../../harness/experiment.js';
import type { Observation } from '../../harness/observation.js';
import { addSessions, addUsers, credentialsOf, makeDatabase } from '../../harness/population.js';
import { startServer } from '../../harness/server.js';
import { issuerOf } from './issuer.js';
import { startNginx } from './nginx.js';

/** Of what is tried: beyond the limits of everything here. */
const BEYOND = 64 * 1024;
const OWN_CLAIMS = [4096, 5120, 6144, 8192];

export async function measureLimits({ folder, say }: Bench): Promise<Observation[]> {
  const observations: Observation[] = [];
  const seen = (metric: string, where: string, value: number) =>
    observations.push({ metric, unit: 'bytes', model: null, factors: { where }, round: 0, value });
  const bare = await startBare();
  try {
    say('Node');
    seen('largest request header', 'Node', await largest((size) => passes(bare.url, size)));
    say('nginx');
    const nginx = await startNginx(folder, bare.url);
    if (nginx !== null) {
      try {
        seen('largest request header', 'nginx', await largest((size) => passes(nginx.url, size)));
        seen('largest response header', 'nginx', await largest((size) => comesBack(nginx.url, size)));
      } finally {
        await nginx.end();
      }
    }
  } finally {
    bare.server.closeAllConnections();
    bare.server.close();
  }
  say('our server');
  for (const claims of OWN_CLAIMS) {
    const environment = {
      COUNTERFOIL_ISSUER: issuerOf(claims),
      COUNTERFOIL_AUDIENCE: 'http://localhost:4000',
    };
    const options = { model: 'hybrid', folder, environment } as const;
    if (claims === OWN_CLAIMS[0]) {
      await makeDatabase(options);
      addUsers(folder, 1);
      addSessions(folder, 1);
    }
    const [credential] = await credentialsOf(options, 1, 1);
    const server = await startServer(options);
    try {
      const bearer = credential?.bearer ?? '';
      const value = (await whoIs(server.url, { bearer })) === credential?.userId;
      const factors = { bytes: bearer.length };
      observations.push({ metric: 'own token opens', unit: '', model: 'hybrid', factors, round: 0, value });
      if (claims === OWN_CLAIMS[0])
        seen('largest request header', 'Counterfoil', await largest((size) => passes(server.url, size)));
    } finally {
      await server.end();
    }
  }
  return observations;
}

/** The largest size up to `BEYOND` that works; all that is smaller is taken to work, too. 0 where none does. */
export async function largest(
  works: (size: number) => Promise<boolean>,
  from = 0,
  beyond = BEYOND,
): Promise<number> {
  let [good, bad] = [from, beyond];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (await works(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** A server of Node's defaults. `/response/N` answers with a cookie header of N bytes. */
async function startBare(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((incoming, response) => {
    const [, size] = /^\/response\/(\d+)$/.exec(incoming.url ?? '') ?? [];
    if (size !== undefined) response.setHeader('set-cookie', padded('session=', Number(size)));
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Whether a request with an `Authorization` header whose value has `size` bytes is answered as any other. */
function passes(url: string, size: number): Promise<boolean> {
  return answers(`${url}/healthz`, { authorization: padded('Bearer ', size) });
}

function comesBack(url: string, size: number): Promise<boolean> {
  return answers(`${url}/response/${size}`, {});
}

function answers(url: string, headers: Record<string, string>): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(url, { headers, agent: false, maxHeaderSize: 2 * BEYOND }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode === 200));
    });
    sent.once('error', () => resolve(false));
    sent.end();
  });
}

function padded(start: string, size: number): string {
  return `${start}${'x'.repeat(Math.max(1, size - start.length))}`;
}
