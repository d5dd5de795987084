/** `counterfoil verifiers`: makes, lists and withdraws the credentials of services that check tokens elsewhere. */

import { createVerifier, withdrawVerifier } from '../account/verifiers.js';
import type { App } from '../app.js';
import type { Verifier } from '../entities/verifier.js';
import { type Console, EXIT } from './console.js';
import { answer, type Format, instant, table } from './report.js';
import { HERE } from './with-app.js';

export async function verifiersCreate(
  app: App,
  console: Console,
  options: Format & { name: string },
): Promise<number> {
  const outcome = await createVerifier(app.parts, { name: options.name }, HERE);
  if (outcome.kind === 'invalid-input') {
    console.err(`counterfoil: ${outcome.problems.map(({ message }) => message).join(' ')}\n`);
    return EXIT.misused;
  }
  const { verifier, credential } = outcome;
  const text = `created ${verifier.name} (${verifier.id}); its credential, which is not shown again:\n${credential}`;
  answer(console, options, { ...publicVerifier(verifier), credential }, text);
  return EXIT.done;
}

export async function verifiersList(app: App, console: Console, options: Format): Promise<number> {
  const verifiers = (await app.store.verifiers.list()).map(publicVerifier);
  const rows = verifiers.map(({ id, name, createdAt, withdrawnAt }) => [
    id,
    name,
    createdAt,
    withdrawnAt ?? '-',
  ]);
  answer(console, options, verifiers, table(['ID', 'NAME', 'CREATED', 'WITHDRAWN'], rows));
  return EXIT.done;
}

export async function verifiersWithdraw(
  app: App,
  console: Console,
  id: string,
  options: Format,
): Promise<number> {
  const outcome = await withdrawVerifier(app.parts, id, HERE);
  if (outcome.kind === 'not-found') {
    console.err(
      `counterfoil: there is no verifier ${JSON.stringify(id)} to withdraw; "counterfoil verifiers list" shows them\n`,
    );
    return EXIT.failed;
  }
  const { verifier } = outcome;
  answer(
    console,
    options,
    publicVerifier(verifier),
    `withdrew ${verifier.name}; what it has open ends within seconds`,
  );
  return EXIT.done;
}

function publicVerifier({ id, name, createdAt, withdrawnAt }: Verifier) {
  return {
    id,
    name,
    createdAt: instant(createdAt),
    withdrawnAt: withdrawnAt === null ? null : instant(withdrawnAt),
  };
}
