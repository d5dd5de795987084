/** The name that a client gives its device: shown in lists, never trusted. */

const MAX_LENGTH = 64;

/** The name in one line of at most 64 characters, or null where nothing is left of it. */
export function deviceNameFrom(text: string | null): string | null {
  const line = (text ?? '')
    .slice(0, 4 * MAX_LENGTH)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return [...line].slice(0, MAX_LENGTH).join('') || null;
}
