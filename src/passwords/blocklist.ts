/**
 * The list of common passwords (zxcvbn-ts, 49,233 entries) and the derivations of a
 * listed password that count as listed too. Reading the list takes tens of milliseconds and some megabytes, so it
 * waits for the first password that has to be judged.
 *
 * Owns: what "common" means. Called by: policy.ts.
 */

import { createRequire } from 'node:module';

/** Digits, spaces and ASCII punctuation: what people append to a word that was too short or "too simple". */
const TAIL_CHARACTER = /^[\x20-\x40\x5b-\x60\x7b-\x7e]$/;
const LONGEST_TAIL = 6;

const SHORT_WORD = /^[A-Z0-9]{2,4}$/;

let listed: ReadonlySet<string> | undefined;

/** One spelling for all cases. Upper case, because it also unites ß with ss and both small sigmas. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toUpperCase();
}

/**
 * Whether a password is common, whatever the case of its letters. Common is
 *
 * 1. a password on the list;
 * 2. a listed password, or any word of 2 to 4 ASCII letters and digits, written twice or more in a row and nothing
 *    else (`dragondragon`, `abcabcabcabc`);
 * 3. a password as in 1 or 2 followed by a tail of 1 to 6 characters, each a digit, a space or ASCII punctuation
 *    (`password1234`, `Password123!`, `dragondragon!!`).
 *
 * One character repeated (`aaaaaaaaaaaa`, twelve spaces) is common only when the list has exactly that: no rule of
 * composition refuses it (ASVS 6.2.5). Nothing else is caught: no letters in disguise (`p4ssword`) unless listed,
 * nothing put in front, no two different words in a row.
 */
export function isCommon(password: string): boolean {
  const candidate = foldCase(password);
  if (list().has(candidate)) return true;
  if (isOneCharacterRepeated(candidate)) return false;
  return [candidate, ...withoutTail(candidate)].some((stem) => list().has(stem) || isRepetition(stem));
}

/** The candidate without its last 1, 2, … characters, as long as each of them may stand in a tail. */
function withoutTail(candidate: string): string[] {
  const stems: string[] = [];
  for (let length = 1; length <= LONGEST_TAIL && length < candidate.length; length += 1) {
    if (!TAIL_CHARACTER.test(candidate.charAt(candidate.length - length))) break;
    stems.push(candidate.slice(0, -length));
  }
  return stems;
}

function isRepetition(stem: string): boolean {
  if (isOneCharacterRepeated(stem)) return false;
  for (let length = 2; length <= stem.length / 2; length += 1) {
    const unit = stem.slice(0, length);
    if (stem.length % length !== 0 || unit.repeat(stem.length / length) !== stem) continue;
    if (list().has(unit) || SHORT_WORD.test(unit)) return true;
  }
  return false;
}

function isOneCharacterRepeated(text: string): boolean {
  const [first, ...others] = text;
  return others.length > 0 && others.every((character) => character === first);
}

/** The package is CommonJS: `require` reads it on first use without making every caller asynchronous. */
function list(): ReadonlySet<string> {
  if (listed === undefined) {
    const require = createRequire(import.meta.url);
    const { dictionary } =
      require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
    listed = new Set(dictionary['passwords-common'].map(foldCase));
  }
  return listed;
}
