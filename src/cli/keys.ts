/** `counterfoil keys`: the signing keys, and the master key they are sealed under. */

import { readFileSync } from 'node:fs';
import { type MasterKeyExchange, rewrapKeys } from '../account/rewrap-keys.js';
import { revokeSigningKey, rotateSigningKey } from '../account/signing-keys.js';
import type { App } from '../app.js';
import { readReason } from '../entities/reason.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm, type SigningKey } from '../entities/signing-key.js';
import { type Console, EXIT } from './console.js';
import { answer, type Format, instant, table } from './report.js';
import { HERE } from './with-app.js';

export async function keysList(app: App, console: Console, options: Format): Promise<number> {
  const keys = app.parts.keyring.ring.keys().map(publicKey);
  const age = (at: string) => `${Math.floor((app.parts.clock.now() - Date.parse(at)) / 86_400_000)} d`;
  const rows = keys.map((key) => [
    key.kid,
    key.algorithm,
    key.state,
    key.since,
    age(key.publishedAt),
    key.activatesAt ?? '-',
  ]);
  answer(console, options, keys, table(['KID', 'ALGORITHM', 'STATE', 'SINCE', 'AGE', 'SIGNS FROM'], rows));
  return EXIT.done;
}

export async function keysRotate(
  app: App,
  console: Console,
  options: Format & { algorithm?: string; force?: boolean },
): Promise<number> {
  const algorithm = options.algorithm ?? null;
  if (algorithm !== null && !isAlgorithm(algorithm)) {
    console.err(`counterfoil: the algorithm is one of ${SIGNING_ALGORITHMS.join(', ')}\n`);
    return EXIT.misused;
  }
  const outcome = await rotateSigningKey(app.parts, { algorithm, force: options.force ?? false }, HERE);
  if (outcome.kind === 'unsupported-algorithm') {
    console.err(`counterfoil: this runtime does not support ${outcome.algorithm}\n`);
    return EXIT.failed;
  }
  const { active, standby, retired, activatesAt } = outcome;
  const done = activatesAt <= app.parts.clock.now();
  const text = done
    ? `${active.kid} (${active.algorithm}) signs now; ${standby.kid} stands by`
    : `${standby.kid} (${standby.algorithm}) will sign from ${instant(activatesAt)}, once every verifier can know it`;
  const data = {
    active: publicKey(active),
    standby: publicKey(standby),
    retired: retired && publicKey(retired),
    activatesAt: instant(activatesAt),
  };
  answer(console, options, data, text);
  return EXIT.done;
}

export async function keysRevoke(
  app: App,
  console: Console,
  kid: string,
  options: Format & { reason: string },
): Promise<number> {
  const reason = readReason(options.reason);
  if (reason.kind === 'unusable') {
    console.err(`counterfoil: a reason ${reason.why}\n`);
    return EXIT.misused;
  }
  const outcome = await revokeSigningKey(app.parts, { kid, reason: reason.text }, HERE);
  if (outcome.kind === 'not-found') {
    console.err(
      `counterfoil: there is no signing key ${JSON.stringify(kid)}; "counterfoil keys list" shows them\n`,
    );
    return EXIT.failed;
  }
  const deadBy = instant(outcome.accessTokensDeadBy);
  const data = {
    revoked: publicKey(outcome.revoked),
    active: publicKey(outcome.active),
    accessTokensDeadBy: deadBy,
  };
  answer(
    console,
    options,
    data,
    `revoked; ${outcome.active.kid} signs now, and what ${kid} signed is dead by ${deadBy}`,
  );
  return EXIT.done;
}

export interface RewrapOptions extends Format {
  readonly newKeyEnv?: string;
  readonly newKeyFile?: string;
}

export async function keysRewrap(app: App, console: Console, options: RewrapOptions): Promise<number> {
  const exchange = exchangeOf(app, console, options);
  if (typeof exchange === 'string') {
    console.err(`counterfoil: ${exchange}\n`);
    return EXIT.misused;
  }
  const outcome = await rewrapKeys(app.parts, exchange, HERE);
  switch (outcome.kind) {
    case 'rewrapped': {
      const text = `${outcome.signingKeys} signing keys and ${outcome.refreshSecrets} refresh secrets are sealed under the master key ${outcome.to} now (it was ${outcome.from}).
Running servers go on with the keys they have opened. Restart each with the new master key before the next rotation.`;
      answer(console, options, outcome, text);
      return EXIT.done;
    }
    case 'unreadable-key':
      console.err('counterfoil: the new master key must be 32 bytes in base64 or hex\n');
      return EXIT.misused;
    case 'same-key':
      console.err('counterfoil: the new master key is the present one\n');
      return EXIT.misused;
    case 'overtaken':
      console.err(
        'counterfoil: the master key was changed by somebody else meanwhile; nothing was changed here\n',
      );
      return EXIT.failed;
  }
}

/** From which key to which, or what is missing to say so. */
function exchangeOf(
  { config }: App,
  console: Console,
  { newKeyEnv, newKeyFile }: RewrapOptions,
): MasterKeyExchange | string {
  const { masterKey } = config;
  if (masterKey.kind === 'file') {
    if (newKeyEnv === undefined && newKeyFile === undefined) return { kind: 'file', path: masterKey.path };
    return 'the master key is in a file, whose next key is made here: leave --new-key-env and --new-key-file out';
  }
  if (newKeyEnv !== undefined) {
    const next = console.environment[newKeyEnv];
    return next ? { kind: 'given', present: masterKey.text, next } : `the variable ${newKeyEnv} is not set`;
  }
  if (newKeyFile === undefined)
    return 'COUNTERFOIL_MASTER_KEY is set: say where the new key is, by --new-key-env or --new-key-file';
  try {
    return { kind: 'given', present: masterKey.text, next: readFileSync(newKeyFile, 'utf8') };
  } catch {
    return `${newKeyFile} cannot be read`;
  }
}

function isAlgorithm(text: string): text is SigningAlgorithm {
  return SIGNING_ALGORITHMS.some((algorithm) => algorithm === text);
}

function publicKey({ kid, algorithm, publishedAt, state }: SigningKey) {
  const since = {
    standby: () => publishedAt,
    active: () => (state.kind === 'active' ? state.activatedAt : publishedAt),
    retired: () => (state.kind === 'retired' ? state.retiredAt : publishedAt),
    revoked: () => (state.kind === 'revoked' ? state.revokedAt : publishedAt),
  }[state.kind]();
  const activatesAt =
    state.kind === 'standby' && state.activatesAt !== null ? instant(state.activatesAt) : null;
  return {
    kid,
    algorithm,
    state: state.kind,
    publishedAt: instant(publishedAt),
    since: instant(since),
    /** From when a standby is to sign; null where no rotation has been asked for. */
    activatesAt,
  };
}
