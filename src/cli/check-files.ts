/** What `counterfoil doctor` says about files: who may read, write and replace them, and the room on their disk. */

import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { bad, type Finding, ok } from './finding.js';

const MIN_FREE_BYTES = 100 * 1024 * 1024;
/** Bits of a mode, on systems that have them. */
const OTHERS_READ = 0o077;
const OTHERS_WRITE = 0o022;

function allows(path: string, bits: number): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & bits) !== 0;
}

/** The key file opens everything, so it is closed itself, whatever its folder is; and nobody else may replace it. */
export function checkSecrecy(file: string): Finding[] {
  const says = `${file} can be read by others. Run chmod 600 ${file}, and change the key with "counterfoil keys rewrap".`;
  if (allows(file, OTHERS_READ)) return [bad('master key', says), ...replaceable('master key', file)];
  return [ok('master key', `${file} is closed to others`), ...replaceable('master key', file)];
}

/** The database and its log may lie open in a folder that is closed. */
export function checkPrivacy(file: string): Finding[] {
  const folder = dirname(file);
  const open = [file, `${file}-wal`].filter((path) => existsSync(path) && allows(path, OTHERS_READ));
  if (open.length === 0 || !allows(folder, OTHERS_READ))
    return [ok('database', `${file} is closed to others`), ...replaceable('database', file)];
  const says = `${open.join(' and ')} can be read by others. Run chmod 700 ${folder}.`;
  return [bad('database', says), ...replaceable('database', file)];
}

function replaceable(check: string, file: string): Finding[] {
  const folder = dirname(file);
  if (!allows(folder, OTHERS_WRITE)) return [];
  return [bad(check, `others can write to ${folder}, and so replace ${file}. Run chmod 700 ${folder}.`)];
}

/** SQLite writes its log beside the file, so the folder counts, too. */
export function checkWritable(file: string): Finding[] {
  return [file, dirname(file)].filter(isReadOnly).map((path) => {
    return bad('database', `${path} cannot be written by this user: nothing can be stored`);
  });
}

function isReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

export function checkDisk(file: string): Finding[] {
  const folder = dirname(file);
  if (!existsSync(folder)) return [];
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const megabytes = Math.floor(free / 1024 / 1024);
  return [
    free >= MIN_FREE_BYTES ? ok('disk', `${megabytes} MiB free`) : bad('disk', `only ${megabytes} MiB free`),
  ];
}
