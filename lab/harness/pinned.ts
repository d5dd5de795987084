/**
 * Starting a Node process on a core of its own, where the platform has `taskset`: server and load must not take each
 * other's time. Whatever is started here ends with the lab.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Which side of a measurement a process is on. Servers share core 0, the load has the last core. */
export type Side = 'server' | 'load' | 'anywhere';

let canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Whether the two sides really are on different cores here. */
export const pinned = canPin;

/** From now on every process runs wherever there is room: for runs whose figures are nobody's. */
export function stopPinning(): void {
  canPin = false;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Start {
  /** Arguments of Node: its options, a script and the script's arguments. */
  readonly line: readonly string[];
  readonly side: Side;
  readonly folder: string;
  /** The whole environment but PATH. */
  readonly environment: Readonly<Record<string, string>>;
}

export function startNode({ line, side, folder, environment }: Start): ChildProcess {
  const core = side === 'server' ? 0 : availableParallelism() - 1;
  const [command, prefix]: [string, string[]] =
    canPin && side !== 'anywhere'
      ? ['taskset', ['-c', String(core), process.execPath]]
      : [process.execPath, []];
  const child = spawn(command, [...prefix, ...line], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...environment },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Ends every process that was started here and still runs. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((child) => ended(child, 'SIGKILL')));
}

/** Sends the signal and resolves when the process has ended, to its exit code; null if a signal killed it. */
export function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}
