/** Processes of the benchmark besides the lab's servers: scripts that answer, and servers that serve, each on its side. */

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ended, type Side, startNode } from '../lab/harness/pinned.js';
import { REPOSITORY } from '../lab/harness/server.js';
import { bundled } from './bundle.js';

const START_DEADLINE_MS = 120_000;

/** Runs a script of `bench/` with options on its standard input, and resolves to the JSON that it printed. */
export async function answerOf<Answer>(script: string, side: Side, options: object): Promise<Answer> {
  const child = startNode({ line: [await bundled(script)], side, folder: REPOSITORY, environment: {} });
  const said = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => {
    said.out += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    said.err += String(chunk);
  });
  child.stdin?.end(JSON.stringify(options));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${script} failed:\n${said.err}`);
  return JSON.parse(said.out) as Answer;
}

export interface Serving {
  readonly url: string;
  readonly pid: number;
  end(): Promise<unknown>;
}

export interface ServerLine {
  /** Node's options, the script and its arguments. */
  readonly line: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Written to its standard input as JSON. */
  readonly options?: object;
}

/** Starts a server on the servers' side and resolves once it has printed its address. */
export async function serving({ options = {}, ...start }: ServerLine): Promise<Serving> {
  const child = startNode({ side: 'server', ...start });
  child.stdin?.on('error', () => {});
  child.stdin?.end(JSON.stringify(options));
  try {
    const url = await addressOf(child);
    return { url, pid: child.pid ?? 0, end: () => ended(child, 'SIGTERM') };
  } catch (fault) {
    await ended(child, 'SIGKILL');
    throw fault;
  }
}

/** A yardstick of `bench/yardsticks/` that serves. */
export async function yardstick(script: string, options: object = {}): Promise<Serving> {
  const line = [await bundled(`yardsticks/${script}`)];
  return serving({ line, folder: REPOSITORY, environment: {}, options });
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const giveUp = (why: string) => reject(new Error(`a server ${why}:\n${said}`));
    const deadline = setTimeout(() => giveUp('did not start in time'), START_DEADLINE_MS);
    child.once('exit', (code) => {
      clearTimeout(deadline);
      giveUp(`ended with exit code ${code}`);
    });
    const listen = (chunk: unknown) => {
      said += String(chunk);
      const [url] = /http:\/\/localhost:\d+/.exec(said) ?? [];
      if (url === undefined) return;
      clearTimeout(deadline);
      resolve(url);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
  });
}

const TICKS_PER_SECOND = 100;

/** Seconds of processor time that a process has taken, from Linux's /proc; NaN on other systems. */
function processorSeconds(pid: number): number {
  try {
    // The name of the process, in parentheses, may hold spaces; the times are the 12th and 13th fields behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

/**
 * Does the work and says for how many seconds a processor was busy with the process meanwhile. Close to as long as the
 * load lasted means that the server, and not the load, set the pace.
 */
export async function whileWatching<Result>(
  pid: number,
  work: () => Promise<Result>,
): Promise<{ result: Result; busySeconds: number }> {
  const before = processorSeconds(pid);
  const result = await work();
  return { result, busySeconds: processorSeconds(pid) - before };
}
