/**
 * `counterfoil serve` as a process of its own, from dist/, and a client that talks to it over the network. Whatever a
 * test starts is ended by its own id: by `endAll` after each test, and with the test process at the latest.
 */

import { type Server, startServer as start } from '../../lab/harness/server.js';
import { type MutationName, mutation, type Payload } from './mutation.js';

export { endAll } from '../../lab/harness/pinned.js';
export { OPERATOR } from '../../lab/harness/server.js';
export type ServerProcess = Server;

/** Starts a server on the files of `folder` and a port of its own, and resolves once it serves. */
export function startServer(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  return start({ model: 'hybrid', folder, side: 'anywhere', environment });
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
