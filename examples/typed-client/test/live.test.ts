/** The client against a live server: every answer is real, and so is every loss of one. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Client, type Kept } from '../src/client.js';
import { RegisterDocument } from '../src/generated/graphql.js';
import { send } from '../src/send.js';
import { type LiveServer, startServer } from './server.js';

const run = promisify(execFile);
const account = { email: 'grace@example.com', password: 'copper window harvest 19' };

let server: LiveServer;
let kept: Kept | null;
const keeper = {
  load: () => kept,
  save: (next: Kept | null) => {
    kept = next;
  },
};

beforeAll(async () => {
  server = await startServer();
  await send(server, null, RegisterDocument, { input: account });
});
afterAll(() => server.stop());
beforeEach(() => {
  kept = null;
});

async function signedIn(through: typeof fetch = fetch): Promise<Client> {
  const client = new Client({ url: server.url, fetch: through }, keeper);
  expect((await client.login(account)).__typename).toBe('LoginSuccess');
  return client;
}

/** The server receives and answers, but the answers named by their number, from 1, never arrive. */
function losing(...lost: number[]): typeof fetch {
  let sent = 0;
  return async (input, init) => {
    sent += 1;
    const isLost = lost.includes(sent);
    const response = await fetch(input, init);
    if (isLost) throw new TypeError('the connection broke');
    return response;
  };
}

describe('the typed client', () => {
  test('signs in, refreshes, sees who it is, and signs out', async () => {
    const client = await signedIn();
    const first = kept?.refreshToken;
    await client.refresh();
    expect(kept?.refreshToken).not.toBe(first);
    const viewer = await client.viewer();
    expect(viewer.email).toBe(account.email);
    expect(viewer.sessions.edges.filter(({ node }) => node.current)).toHaveLength(1);
    expect(await client.logout()).toBeInstanceOf(Date);
    expect(kept).toBeNull();
    await expect(client.viewer()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('learns why it may not sign in as data', async () => {
    const client = new Client(server, keeper);
    const login = await client.login({ ...account, password: 'not the password' });
    expect(login.__typename).toBe('InvalidCredentials');
    expect(kept).toBeNull();
  });

  test('stays signed in when the answer to a refresh is lost, twice', async () => {
    const client = await signedIn(losing(2, 3));
    await expect(client.refresh()).rejects.toThrow('the connection broke');
    const key = kept?.pendingKey;
    expect(key).toEqual(expect.any(String));
    await expect(client.refresh()).rejects.toThrow('the connection broke');
    expect(kept?.pendingKey).toBe(key);
    await client.refresh();
    expect(kept?.pendingKey).toBeNull();
    expect((await client.viewer()).email).toBe(account.email);
  });

  test('goes on in a new process from what it has kept', async () => {
    await signedIn();
    expect((await new Client(server, keeper).viewer()).email).toBe(account.email);
  });

  test('refreshes once for all callers who wait', async () => {
    await signedIn();
    let refreshes = 0;
    const counting: typeof fetch = (input, init) => {
      if (String(init?.body).includes('mutation Refresh')) refreshes += 1;
      return fetch(input, init);
    };
    const client = new Client({ url: server.url, fetch: counting }, keeper);
    const viewers = await Promise.all([client.viewer(), client.viewer(), client.viewer()]);
    expect(new Set(viewers.map((viewer) => viewer.id)).size).toBe(1);
    expect(refreshes).toBe(1);
  });

  test('gives its tour from the command line, on the two devices it has made', async () => {
    const folder = join(import.meta.dirname, '..');
    const args = ['--import', 'tsx', 'src/main.ts', server.url];
    const { stdout } = await run(process.execPath, args, { cwd: folder });
    expect(stdout.split('\n').map((line) => line.split(':')[0])).toEqual([
      'register',
      'login',
      'refresh',
      'viewer',
      'viewer',
      'logout',
      '',
    ]);
  });
});
