/**
 * Text of people that others read in lists and logs. Owns which characters it may not hold: those that break a line, and
 * those that direct text (UAX #9), by which a name could be read as another's. Joiners stay, which languages and emoji
 * need. Pure.
 */

const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** Marks, embeddings, overrides and isolates of direction, and halves of characters. */
const DIRECTS = /[\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
/** Spaces, what is drawn as nothing, and a braille cell without a dot. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Format characters, and what fonts draw nothing for: fillers, variation selectors, tags. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether it holds what could break its line or be read as other than it is written. */
export function isMisleading(text: string): boolean {
  return text !== legible(text);
}

/** The text in one line, without what could mislead. */
export function legible(text: string): string {
  return text.replace(BREAKS, ' ').replace(DIRECTS, '');
}

/**
 * Whether something in it cannot be seen, joiners neither: for what has to be told apart by sight, such as addresses, and
 * names that operators give.
 */
export function hasInvisible(text: string): boolean {
  return INVISIBLE.test(text);
}

/** Whether there is nothing in it to see. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}
