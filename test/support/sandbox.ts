/**
 * A throw-away source tree with this repository's tool configuration, to show that a check refuses what it should.
 */

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const REPOSITORY = resolve(import.meta.dirname, '../..');

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Sandbox {
  readonly root: string;
  /** Writes files by their path inside the tree. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Runs a program of node_modules (by its script's path there) in the tree; a failing exit is a value. */
  run(script: string, args: readonly string[]): Promise<Run>;
  remove(): Promise<void>;
}

/** Makes a tree in the system's temporary folder, with the named files and folders of the repository copied in. */
export async function createSandbox(copied: readonly string[]): Promise<Sandbox> {
  const root = await mkdtemp(join(tmpdir(), 'counterfoil-'));
  await symlink(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'), 'dir');
  for (const path of copied) await cp(join(REPOSITORY, path), join(root, path), { recursive: true });
  return {
    root,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
    },
    run(script, args) {
      const argv = [join(REPOSITORY, 'node_modules', script), ...args];
      return new Promise((settle) => {
        execFile(
          process.execPath,
          argv,
          { cwd: root, maxBuffer: 64 * 1024 * 1024 },
          (error, stdout, stderr) => {
            settle({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
          },
        );
      });
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
