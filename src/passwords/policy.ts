/**
 * Which passwords may be chosen: length, a list of common ones, and words an attacker would guess from the account
 * itself. There are no rules of composition: any character counts, and any mixture of them is as good as another
 * (NIST SP 800-63B section 3.1.1.2; ASVS 5.0, section V6.2).
 *
 * Owns: the judgement on a new password and the sentence that explains it. Does not own: hashing (hasher.ts), the
 * meaning of "common" (blocklist.ts), when a password has to be judged. Called by: account operations that set one.
 */

import { foldCase, isCommon } from './blocklist.js';

/** Why a password was refused. Lengths are in Unicode code points of the composed (NFC) form. */
export type PasswordProblem =
  | { readonly kind: 'too-short'; readonly minLength: number }
  | { readonly kind: 'too-long'; readonly maxLength: number }
  | { readonly kind: 'common' }
  | { readonly kind: 'context'; readonly word: string };

export interface PasswordPolicyOptions {
  readonly minLength: number;
  readonly maxLength: number;
  /** Words of this deployment (its name, its company) that no password may contain. */
  readonly contextWords: readonly string[];
}

export interface PasswordPolicy {
  /**
   * Every problem of a password chosen for this account; none means acceptable. A password that is too long has that
   * problem only: nothing more is computed over it. Context words are reported as they are spelt at their source.
   */
  examine(password: string, about: { email: string; name: string }): PasswordProblem[];
}

const PRODUCT_NAME = 'counterfoil';

/** Shorter words turn up inside good passwords by chance. In code points. */
const SHORTEST_CONTEXT_WORD = 4;

/**
 * The cap before normalization. The longest spelling of one composed code point takes 6 UTF-16 units (Unicode 16),
 * so a longer text is too long in every form and is refused without being looked at. 8 units are at most 24 bytes.
 */
const UNITS_PER_CODE_POINT = 8;

export function createPasswordPolicy(options: PasswordPolicyOptions): PasswordPolicy {
  const { minLength, maxLength, contextWords } = options;

  return {
    examine(password, about) {
      if (password.length > maxLength * UNITS_PER_CODE_POINT) return [{ kind: 'too-long', maxLength }];
      const length = [...password.normalize('NFC')].length;
      if (length > maxLength) return [{ kind: 'too-long', maxLength }];

      const problems: PasswordProblem[] = [];
      if (length < minLength) problems.push({ kind: 'too-short', minLength });
      if (isCommon(password)) problems.push({ kind: 'common' });
      const words = [PRODUCT_NAME, ...contextWords, ...wordsOfEmail(about.email), ...wordsOfName(about.name)];
      for (const word of containedWords(password, words)) problems.push({ kind: 'context', word });
      return problems;
    },
  };
}

/** The sentence a user reads. It holds nothing but the policy's own figures and the word in question. */
export function describeProblem(problem: PasswordProblem): string {
  switch (problem.kind) {
    case 'too-short':
      return `The password must have at least ${problem.minLength} characters.`;
    case 'too-long':
      return `The password must have at most ${problem.maxLength} characters.`;
    case 'common':
      return 'The password is a common one, or a common one repeated or with a few characters added.';
    case 'context':
      return `The password must not contain "${problem.word}".`;
  }
}

/** The words that the password contains in any case, each spelling of them once. */
function containedWords(password: string, words: string[]): string[] {
  const folded = foldCase(password);
  const found = new Map<string, string>();
  for (const word of words) {
    const foldedWord = foldCase(word);
    if ([...word.normalize('NFC')].length < SHORTEST_CONTEXT_WORD || found.has(foldedWord)) continue;
    if (folded.includes(foldedWord)) found.set(foldedWord, word);
  }
  return [...found.values()];
}

/** The local part, and its parts between dots, underscores, plus and minus signs. */
function wordsOfEmail(email: string): string[] {
  const at = email.lastIndexOf('@');
  const local = at < 0 ? email : email.slice(0, at);
  return [local, ...local.split(/[._+-]/)];
}

/** The parts of a name between anything that is neither letter, mark nor digit. */
function wordsOfName(name: string): string[] {
  return name.split(/[^\p{L}\p{M}\p{N}]/u);
}
