/**
 * graphql-js repeats in its messages the value that it refuses: a password sent as the wrong type, a token at the wrong
 * place. A message is shown, logged and pasted into tickets, so values are cut out of it; names and types stay.
 */

const VARIABLE = /^Variable "\$(\w+)" got invalid value /;
/** Before it stands the value and behind it the reason; a value may hold something that looks like it. */
const PLACE = / at "([\w.[\]]+)"; ([\s\S]*)$/;

/** Reasons as graphql-js words them, each whole, with what is kept of it. A text that is none of these is not shown. */
const REASONS: readonly RegExp[] = [
  /^((?:\w+|Enum "\w+") cannot represent [\w -]*?value): /,
  /^(Field "\w+" of required type "[\w[\]!]+" was not provided)\.$/,
  /^(Field "\w+" is not defined by type "\w+")\./,
  /^(Expected (?:non-nullable )?type "[\w[\]!]+" (?:not to be null|to be an object))\.$/,
];
const NO_SUCH_VALUE = /^Value "[\s\S]*" does not exist in "(\w+)" enum/;

export function withoutValues(message: string): string {
  const [, variable] = VARIABLE.exec(message) ?? [];
  if (variable === undefined) return withoutLiterals(message);
  const [, place, text = ''] = PLACE.exec(message) ?? [];
  const reason = reasonIn(text);
  const at = reason === null ? '.' : ` at "${place}"; ${reason}.`;
  return `Variable "$${variable}" got an invalid value${at}`;
}

function reasonIn(text: string): string | null {
  const [, type] = NO_SUCH_VALUE.exec(text) ?? [];
  if (type !== undefined) return `The value does not exist in "${type}" enum`;
  for (const pattern of REASONS) {
    const [, reason] = pattern.exec(text) ?? [];
    if (reason !== undefined) return reason;
  }
  return null;
}

function withoutLiterals(text: string): string {
  if (text.startsWith('Syntax Error: ')) {
    return text.replace(/ (String|BlockString|Int|Float) "[\s\S]*$/, ' $1.');
  }
  const [, type] = NO_SUCH_VALUE.exec(text) ?? [];
  if (type !== undefined) return `The value does not exist in "${type}" enum.`;
  return text
    .replace(/^(Argument "\w+" has (?:an )?invalid value) [\s\S]*$/, '$1.')
    .replace(/( cannot represent [\w -]*?value): [\s\S]*$/, '$1.')
    .replace(/(Expected value of type "[^"]*"), found [\s\S]*$/, '$1.');
}
