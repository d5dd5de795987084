/** Results as JSON in a file: read where they are there, and written whole or not at all. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Null where there is no such file. Throws where it is no JSON. */
export function readJson<Content>(file: string): Content | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fault;
  }
  return JSON.parse(text) as Content;
}

/** Whole or not at all. */
export function writeJson(file: string, content: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(content, null, 1)}\n`);
  renameSync(`${file}.part`, file);
}
