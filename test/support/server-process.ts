/**
 * `counterfoil serve` as a process of its own, from dist/, and a client that talks to it over the network. Whatever a
 * test starts is ended by its own id: by `endAll` after each test, and with the test process at the latest.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type MutationName, mutation, type Payload } from './api.js';
import { REPOSITORY } from './sandbox.js';

const ISSUER = 'http://localhost:4000';
export const OPERATOR = { email: 'operator@example.test', password: 'orchid kettle granite 41' };
const START_DEADLINE_MS = 25_000;

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Sends the signal to this process and resolves when it has ended, to its exit code; null if the signal killed it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Ends every process that was started here and still runs. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((child) => ended(child, 'SIGKILL')));
}

/** Starts a server on the files of `folder` and a port of its own, and resolves once it serves. */
export async function startServer(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(REPOSITORY, 'dist/main.js'), 'serve'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      LOG_LEVEL: 'silent',
      COUNTERFOIL_DATABASE: `file:${join(folder, 'counterfoil.db')}`,
      COUNTERFOIL_ISSUER: ISSUER,
      COUNTERFOIL_ARGON2: 'm=7168,t=1,p=1',
      COUNTERFOIL_RATE_LIMITS: 'off',
      COUNTERFOIL_OPERATOR_EMAIL: OPERATOR.email,
      COUNTERFOIL_OPERATOR_PASSWORD: OPERATOR.password,
      ...environment,
    },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  try {
    const port = await portOf(child);
    return { url: `http://localhost:${port}`, pid: child.pid ?? 0, end: (signal) => ended(child, signal) };
  } catch (fault) {
    await ended(child, 'SIGKILL');
    throw fault;
  }
}

function portOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const giveUp = (why: string) => reject(new Error(`the server ${why}:\n${said}`));
    const deadline = setTimeout(() => giveUp('did not start in time'), START_DEADLINE_MS);
    child.once('exit', (code) => giveUp(`ended with exit code ${code}`));
    child.stderr?.on('data', (text) => {
      said += String(text);
      const [, port] = /Counterfoil serves http:\/\/localhost:(\d+)\/graphql/.exec(said) ?? [];
      if (port === undefined) return;
      clearTimeout(deadline);
      resolve(port);
    });
  });
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}

interface Answered {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** One GraphQL request over the network. Rejects where no whole answer came back. */
export async function ask(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
  accessToken: string | null = null,
): Promise<Answered> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answered;
}

/** The payload of a mutation; an error of the whole request is an error of the test. */
export async function mutate(
  url: string,
  name: MutationName,
  input: Record<string, unknown>,
  accessToken: string | null = null,
): Promise<Payload> {
  const answered = await ask(url, mutation(name), { input }, accessToken);
  const payload = answered.data?.[name];
  if (payload === undefined || payload === null) throw new Error(`${name}: ${JSON.stringify(answered)}`);
  return payload as Payload;
}

/** The caller's id, or the code of the refusal. */
export async function whoIs(url: string, accessToken: string): Promise<string> {
  const { data, errors } = await ask(url, '{ viewer { id } }', {}, accessToken);
  const viewer = data?.['viewer'] as { id: string } | null | undefined;
  return viewer?.id ?? errors?.[0]?.extensions?.code ?? 'nothing';
}

/** Verdicts on refresh tokens that the server has counted, by kind. */
export async function verdicts(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts: Record<string, number> = {};
  for (const [, kind, count] of text.matchAll(
    /^counterfoil_refresh_verdicts_total\{verdict="([a-z]+)"[^}]*\} (\d+)/gm,
  )) {
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + Number(count);
  }
  return counts;
}

/** Asks again and again until the answer pleases, or throws at the deadline. Resolves to the milliseconds it took. */
export async function untilTrue(
  question: () => Promise<boolean>,
  deadlineMs: number,
  what: string,
): Promise<number> {
  const start = performance.now();
  while (!(await question())) {
    if (performance.now() - start > deadlineMs) throw new Error(`${what}: not within ${deadlineMs} ms`);
  }
  return performance.now() - start;
}
