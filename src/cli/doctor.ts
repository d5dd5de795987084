/**
 * `counterfoil doctor`: says what is wrong with a deployment, what it means and what to do. Looks, and changes nothing:
 * it makes neither a database nor a key.
 */

import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { examineMasterKey } from '../account/examine-master-key.js';
import { type DatabaseFacts, databaseFacts, databaseStatus } from '../app.js';
import { type Config, isLoopback, isLoopbackHost, playgroundOn } from '../config/config.js';
import { type Environment, readEnvironment } from '../config/environment.js';
import type { SigningKey } from '../entities/signing-key.js';
import type { Clock } from '../system/clock.js';
import { type Console, EXIT } from './console.js';
import { answer, type Format, table } from './report.js';

export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem';
  readonly check: string;
  /** What was found and, where it is not well, what to do. */
  readonly says: string;
}

const MIN_FREE_BYTES = 100 * 1024 * 1024;
const LOG_IS_LONG = 100_000;
/** How far the clock may be behind what the database says was written. */
const CLOCK_SLACK_MS = 60_000;

export async function doctor(console: Console, clock: Clock, options: Format): Promise<number> {
  const findings = await examine(console.environment, clock);
  const rows = findings.map(({ level, check, says }) => [level.toUpperCase(), check, says]);
  answer(console, options, findings, table(['LEVEL', 'CHECK', 'FINDING'], rows));
  return findings.some(({ level }) => level === 'problem') ? EXIT.failed : EXIT.done;
}

export async function examine(environment: Environment, clock: Clock): Promise<Finding[]> {
  const outcome = readEnvironment(environment);
  if (outcome.kind === 'bad')
    return outcome.problems.map(({ variable, problem }) => bad('configuration', `${variable} ${problem}`));
  const { config, warnings } = outcome;
  return [
    ...(warnings.length === 0
      ? [ok('configuration', 'can be used')]
      : warnings.map((text) => warn('configuration', text))),
    ...settings(config, environment),
    ...(await database(config, clock)),
  ];
}

function settings(config: Config, environment: Environment): Finding[] {
  const { http, issuer, production, rateLimits } = config;
  const open = !isLoopbackHost(http.host);
  const plain = issuer.startsWith('http:') && !isLoopback(issuer);
  const risks: [boolean, Finding][] = [
    [
      plain,
      bad(
        'issuer',
        `${issuer} is not https: browsers will not keep the cookie, and tokens travel in the clear. Set COUNTERFOIL_ISSUER to the https address.`,
      ),
    ],
    [
      open && isLoopback(issuer),
      warn(
        'issuer',
        `the server listens on ${http.host}, but calls itself ${issuer}. Set COUNTERFOIL_ISSUER to the address that clients use.`,
      ),
    ],
    [
      !rateLimits,
      bad('rate limits', 'are off: passwords can be guessed without end. Unset COUNTERFOIL_RATE_LIMITS.'),
    ],
    [
      playgroundOn(config) && production,
      bad('playground', 'is on in production, with introspection. Set COUNTERFOIL_PLAYGROUND to off.'),
    ],
    [
      playgroundOn(config) && !production && !isLoopback(issuer),
      warn('playground', 'is on for a public issuer, with introspection.'),
    ],
    [
      environment['NODE_ENV'] === undefined && !isLoopback(issuer),
      warn(
        'NODE_ENV',
        'is not set. Counterfoil is strict without it; say production all the same, for the libraries.',
      ),
    ],
    [
      http.trustedProxies.some((range) => /\/0$/.test(range)),
      bad(
        'trusted proxies',
        'every address may say who it speaks for, so limits per address are no limits. Name the proxies only.',
      ),
    ],
  ];
  const found = risks.filter(([at]) => at).map(([, finding]) => finding);
  return found.length > 0 ? found : [ok('settings', 'nothing insecure')];
}

async function database(config: Config, clock: Clock): Promise<Finding[]> {
  const { file } = config.database;
  const status = databaseStatus(config);
  if (status.kind === 'absent')
    return [warn('database', `there is none at ${file}; the first start makes it`), ...disk(file)];
  if (status.kind === 'unreadable') return [bad('database', `${file} cannot be read: ${status.reason}`)];
  const access = [...permissions('database', file), ...writable(file), ...disk(file)];
  if (status.applied !== status.known) {
    const says =
      status.applied < status.known
        ? `has had ${status.applied} of ${status.known} migrations. Run "counterfoil migrate".`
        : `was migrated by a newer version (${status.applied} migrations, ${status.known} known). Run that version.`;
    return [bad('migrations', says), ...access];
  }
  const facts = databaseFacts(config);
  return [
    ok('migrations', `${status.applied} applied`),
    ...access,
    facts.damage.length === 0
      ? ok('integrity', 'sound')
      : bad('integrity', `${facts.damage.join('; ')}. Restore a backup.`),
    clockFinding(facts, clock),
    ...(await masterKey(config, facts)),
    ...keyAges(config, facts.ring.keys, clock.now()),
    facts.revocationLogRows < LOG_IS_LONG
      ? ok('revocation log', `${facts.revocationLogRows} rows`)
      : warn('revocation log', `${facts.revocationLogRows} rows: is a server running that sweeps it?`),
  ];
}

function clockFinding({ newestAt }: DatabaseFacts, clock: Clock): Finding {
  const behind = newestAt === null ? 0 : newestAt - clock.now();
  if (behind <= CLOCK_SLACK_MS) return ok('clock', new Date(clock.now()).toISOString());
  const minutes = Math.round(behind / 60_000);
  return bad(
    'clock',
    `is ${minutes} minutes behind what the database says was written: tokens would live too long. Set the clock.`,
  );
}

async function masterKey(config: Config, { ring }: DatabaseFacts): Promise<Finding[]> {
  const place = config.masterKey;
  const files = place.kind === 'file' && existsSync(place.path) ? permissions('master key', place.path) : [];
  const state = await examineMasterKey(place, ring);
  switch (state.kind) {
    case 'opens':
      return [ok('master key', `${state.id} opens all keys`), ...files];
    case 'staged-opens':
      return [warn('master key', 'an exchange was cut short; the next start completes it'), ...files];
    case 'absent':
      return state.needed === null
        ? [warn('master key', 'there is none yet; the first start makes it')]
        : [bad('master key', `is missing: the keys are sealed under ${state.needed}. Put it back.`)];
    case 'unreadable':
    case 'does-not-open':
      return [bad('master key', state.reason), ...files];
  }
}

function keyAges({ keys: policy }: Config, keys: readonly SigningKey[], now: number): Finding[] {
  if (keys.length === 0) return [warn('signing keys', 'there are none yet; the first start makes them')];
  const findings: Finding[] = [];
  const active = keys.find(({ state }) => state.kind === 'active');
  if (active?.state.kind !== 'active') return [bad('signing keys', 'none is active: nothing can be signed')];
  const days = Math.floor((now - active.state.activatedAt) / 86_400_000);
  const overdue = now - active.state.activatedAt > policy.rotateEveryMs + policy.publishLeadMs;
  findings.push(
    overdue
      ? warn(
          'signing keys',
          `${active.kid} has signed for ${days} days, longer than a rotation. Is a server running?`,
        )
      : ok('signing keys', `${active.algorithm} key ${active.kid}, ${days} days old`),
  );
  if (!keys.some(({ state }) => state.kind === 'standby')) {
    findings.push(
      warn(
        'signing keys',
        'no standby is published: an emergency rotation would surprise verifiers. Start a server.',
      ),
    );
  }
  return findings;
}

/** For its owner only, and its folder's too. Systems without such modes have nothing to say. */
function permissions(check: string, file: string): Finding[] {
  if (process.platform === 'win32') return [];
  const open = [file, dirname(file)].filter((path) => (statSync(path).mode & 0o077) !== 0);
  const [fileMode, folderMode] = [file, dirname(file)].map((path) => statSync(path).mode & 0o077);
  if (fileMode === 0 || folderMode === 0) return [ok(check, `${file} is closed to others`)];
  return [
    bad(
      check,
      `${open.join(' and ')} can be read by others. Run chmod 600 on the file or chmod 700 on the folder.`,
    ),
  ];
}

function writable(file: string): Finding[] {
  try {
    accessSync(file, constants.W_OK);
    return [];
  } catch {
    return [bad('database', `${file} cannot be written by this user`)];
  }
}

function disk(file: string): Finding[] {
  const folder = dirname(file);
  if (!existsSync(folder)) return [];
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const megabytes = Math.floor(free / 1024 / 1024);
  return [
    free >= MIN_FREE_BYTES ? ok('disk', `${megabytes} MiB free`) : bad('disk', `only ${megabytes} MiB free`),
  ];
}

const ok = (check: string, says: string): Finding => ({ level: 'ok', check, says });
const warn = (check: string, says: string): Finding => ({ level: 'warning', check, says });
const bad = (check: string, says: string): Finding => ({ level: 'problem', check, says });
