/** The real server, `dist/main.js serve`, as a process on its own core. */

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Model } from './observation.js';
import { ended, type Side, startNode } from './pinned.js';

export const REPOSITORY = resolve(import.meta.dirname, '../..');
export const OPERATOR = { email: 'operator@example.test', password: 'orchid kettle granite 41' };

/** Where tokens say they come from, whatever port a server happens to have. */
const ISSUER = 'http://localhost:4000';
const START_DEADLINE_MS = 120_000;

export interface ServerOptions {
  readonly model: Model;
  /** Holds the database and the master key; servers of one folder share them. */
  readonly folder: string;
  /** Besides or instead of the lab's own; variables of the README. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The servers' core, unless several are to share all of them. */
  readonly side?: Side;
  /** Told what the server writes to its log. */
  readonly onLog?: (text: string) => void;
}

export interface Server {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to its first answer. */
  readonly startMs: number;
  /** Resident memory, in bytes, as the kernel counts it now. */
  residentBytes(): number;
  /** Resolves to the exit code; null if the signal killed it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** What every server of the lab is told: no limits, nothing logged, cheap password hashes. */
export function environmentOf({ model, folder, environment = {} }: ServerOptions): Record<string, string> {
  return {
    PORT: '0',
    LOG_LEVEL: 'silent',
    COUNTERFOIL_MODEL: model,
    COUNTERFOIL_DATABASE: `file:${databaseFile(folder)}`,
    COUNTERFOIL_ISSUER: ISSUER,
    COUNTERFOIL_ARGON2: 'm=7168,t=1,p=1',
    COUNTERFOIL_RATE_LIMITS: 'off',
    COUNTERFOIL_OPERATOR_EMAIL: OPERATOR.email,
    COUNTERFOIL_OPERATOR_PASSWORD: OPERATOR.password,
    ...environment,
  };
}

export function databaseFile(folder: string): string {
  return join(folder, 'counterfoil.db');
}

export async function startServer(options: ServerOptions): Promise<Server> {
  const began = performance.now();
  const child = startNode({
    line: [join(REPOSITORY, 'dist/main.js'), 'serve'],
    side: options.side ?? 'server',
    folder: options.folder,
    environment: environmentOf(options),
  });
  child.stdout?.setEncoding('utf8').on('data', options.onLog ?? (() => {}));
  try {
    const url = await addressOf(child);
    const response = await fetch(`${url}/healthz`);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return {
      url,
      pid: child.pid ?? 0,
      startMs: performance.now() - began,
      residentBytes: () => residentBytes(child.pid ?? 0),
      end: (signal = 'SIGTERM') => ended(child, signal),
    };
  } catch (fault) {
    await ended(child, 'SIGKILL');
    throw fault;
  }
}

function addressOf(child: ChildProcess): Promise<string> {
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
      resolve(`http://localhost:${port}`);
    });
  });
}

/** Resident set size of a process, from Linux's /proc; NaN on other systems. */
export function residentBytes(pid: number): number {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) * 1024;
  } catch {
    return Number.NaN;
  }
}
