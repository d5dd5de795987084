/** The name that a client gives its device: shown in lists, never trusted. */

import { isBlank, legible } from '../entities/text.js';

const MAX_LENGTH = 64;

/** The name in one line of at most 64 characters, or null where nothing is left of it. */
export function deviceNameFrom(text: string | null): string | null {
  const line = legible((text ?? '').slice(0, 4 * MAX_LENGTH)).trim();
  const name = [...line].slice(0, MAX_LENGTH).join('');
  return isBlank(name) ? null : name;
}
