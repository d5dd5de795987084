/** Writes `docs/authorization.md` from the rules. */

import { CALLERS, OUTCOMES, RULES, type Rule, type Who } from './rules.js';

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const code = (text: string) => `\`${text}\``;

export function authorizationPage(): string {
  const { Query = {}, Mutation = {}, Subscription = {}, ...types } = RULES;
  const who = Object.entries(OUTCOMES) as [Who, (typeof OUTCOMES)[Who]][];
  return `# Who may do and read what

Written from \`test/spec/authorization/rules.ts\`, whose rules \`matrix.test.ts\` holds the server to: every field of every
type, by every way that leads there, for every kind of caller. Do not edit this page: change the rules, then run
\`npx vitest run test/spec/authorization -u\`. A field without a rule fails the tests.

## Rules

${table(
  ['rule', 'who', ...CALLERS],
  who.map(([name, { meaning, row: of }]) => [
    name,
    meaning,
    ...CALLERS.map((caller) => (name === 'receiver' ? 'as the object' : of[caller])),
  ]),
)}

- *anonymous* sends no access token; *expired* and *revoked* send one that is no longer good; *self* owns what the
  arguments name; *other* and *operator* name the same things without owning them.
- *not found* is the answer for what does not exist: \`null\`, or a type such as \`SessionNotFound\`. For what belongs to
  somebody else it is the same to the byte.
- \`UNAUTHENTICATED\`: refresh and retry. \`FORBIDDEN\`: do not. Both are codes in \`extensions.code\` of the error.
- Roles travel in the access token as scopes. They are as old as the token, at most one access-token lifetime; ending the
  user's sessions makes a change felt at once.

## Operations

${operations('query', Query)}

${operations('mutation', Mutation)}

${operations('subscription', Subscription)}

## Fields

Of objects that an operation gives. Whoever was given the object may read the field, unless a rule is named.

${table(
  ['type', 'fields'],
  Object.entries(types).map(([name, fields]) => [code(name), fieldsOf(fields)]),
)}
`;
}

function operations(kind: string, rules: Readonly<Record<string, Rule>>): string {
  const rows = Object.entries(rules).map(([name, { who, note = '' }]) => [code(name), who, note]);
  return table([kind, 'rule', 'what'], rows);
}

function fieldsOf(fields: Readonly<Record<string, Rule>>): string {
  return Object.entries(fields)
    .map(([name, { who }]) => (who === 'receiver' ? code(name) : `${code(name)} (**${who}**)`))
    .join(' ');
}
