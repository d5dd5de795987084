/** The documents against a live server: every answer is real. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient, type SessionClient } from 'counterfoil/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logOutOthers, viewerDevices } from '../src/devices.js';
import { LogoutDeviceDocument } from '../src/generated/graphql.js';
import { type LiveServer, startServer } from './server.js';

const run = promisify(execFile);
const account = { email: 'grace@example.com', password: 'copper window harvest 19' };

let server: LiveServer;

beforeAll(async () => {
  server = await startServer();
  expect((await someClient().register(account)).__typename).toBe('RegisterSuccess');
});
afterAll(() => server.stop());

const someClient = () => createClient({ url: server.url, delivery: 'BODY' });

async function signedIn(deviceName: string): Promise<SessionClient> {
  const client = someClient();
  expect((await client.login({ ...account, deviceName })).__typename).toBe('LoginSuccess');
  return client;
}

const namesOf = async (client: SessionClient) =>
  (await viewerDevices(client))?.sessions.edges.map(({ node }) => node.deviceName);

test('one device logs out the others, and goes on', async () => {
  const other = await signedIn('Other');
  const client = await signedIn('This one');
  expect(await namesOf(client)).toEqual(expect.arrayContaining(['This one', 'Other']));
  expect(await logOutOthers(client)).toMatch(/^\d+ logged out$/);
  expect(await namesOf(client)).toEqual(['This one']);
  await expect(viewerDevices(other)).rejects.toMatchObject({ kind: 'graphql' });
  expect(other.state).toEqual({ kind: 'signed-out', because: 'ended' });
});

test('variables that do not fit do not compile, and the server refuses them, too', async () => {
  const client = await signedIn('Careless');
  // @ts-expect-error: it is `input`, and not the field of it
  const asked = client.request(LogoutDeviceDocument, { sessionId: 'some' });
  await expect(asked).rejects.toMatchObject({ kind: 'graphql' });
});

test('what is refused is data, and says why', async () => {
  const login = await someClient().login({ ...account, password: 'not the password' });
  expect(login.__typename).toBe('InvalidCredentials');
});

test('the tour goes from the command line, on the two devices that it makes', async () => {
  const folder = join(import.meta.dirname, '..');
  const args = ['--import', 'tsx', 'src/main.ts', server.url];
  const { stdout } = await run(process.execPath, args, { cwd: folder });
  expect(stdout.split('\n')).toEqual([
    'register: RegisterSuccess',
    'login: typed@example.com on Typed client',
    'device: Typed client (this one)',
    'device: First device',
    'others: 1 logged out',
    'logout: the server knows',
    '',
  ]);
});
