/**
 * `counterfoil doctor`: says what is wrong with a deployment, what it means and what to do. Looks, and changes nothing:
 * it makes neither a database nor a key.
 */

import { existsSync } from 'node:fs';
import { examineMasterKey } from '../account/examine-master-key.js';
import { type Config, databaseName } from '../config/config.js';
import { type Environment, readEnvironment } from '../config/environment.js';
import { type DatabaseFacts, factsOfDatabase, statusOfDatabase } from '../database.js';
import type { SigningKey } from '../entities/signing-key.js';
import { Unavailable } from '../entities/unavailable.js';
import type { Clock } from '../system/clock.js';
import { checkDisk, checkPrivacy, checkSecrecy, checkWritable } from './check-files.js';
import { checkSettings } from './check-settings.js';
import { type Console, EXIT } from './console.js';
import { bad, type Finding, ok, warn } from './finding.js';
import { answer, type Format, table } from './report.js';

const LOG_IS_LONG = 100_000;
/** How far the clock may be behind what the database says was written. */
const CLOCK_SLACK_MS = 60_000;
/** More than that between two readings of a wall clock and a steady one is no drift. */
const CLOCK_JUMP_MS = 1_000;
/** The clocks of two machines that are kept differ by less. */
const CLOCKS_APART_MS = 5_000;
/** One follows the revocation log. */
const CONNECTIONS_BESIDE_POOL = 1;
const RESTORE = 'Stop the servers and restore a backup.';

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
    ...checkSettings(config, environment),
    ...(await database(config, clock)),
  ];
}

async function database(config: Config, clock: Clock): Promise<Finding[]> {
  // What lies on this machine; a database on another one is not ours to look at so closely.
  const file = config.database.kind === 'sqlite' ? config.database.file : null;
  if (file === ':memory:') return [warn('database', 'is in memory: all of it is gone with the process')];
  const name = databaseName(config);
  const began = { now: clock.now(), monotonic: clock.monotonic() };
  const status = await statusOfDatabase(config);
  const disk = file === null ? [] : checkDisk(file);
  if (status.kind === 'absent') {
    const says =
      file === null
        ? `${name} has no tables yet; the first start makes them`
        : `there is none at ${name}; the first start makes it`;
    return [warn('database', says), ...disk];
  }
  if (status.kind === 'unreadable') return [bad('database', `${name} cannot be used: ${status.reason}`)];
  if (status.kind === 'closed') return [bad('database', status.reason)];
  const access = file === null ? [] : [...checkPrivacy(file), ...checkWritable(file), ...disk];
  if (status.applied !== status.known) {
    const says =
      status.applied < status.known
        ? `has had ${status.applied} of ${status.known} migrations. Run "counterfoil migrate".`
        : `was migrated by a newer version (${status.applied} migrations, ${status.known} known). Run that version.`;
    return [bad('migrations', says), ...access];
  }
  const migrated = [ok('migrations', `${status.applied} applied`), ...access];
  let facts: DatabaseFacts;
  try {
    facts = await factsOfDatabase(config, clock);
  } catch (fault) {
    const reason = reasonOf(fault);
    return [...migrated, bad('integrity', `the database cannot be read through: ${reason}. ${RESTORE}`)];
  }
  return [
    ...migrated,
    facts.damage.length === 0
      ? ok('integrity', 'sound')
      : bad('integrity', `${facts.damage.join('; ')}. ${RESTORE}`),
    ...server(config, facts),
    clockFinding(facts, began, clock),
    ...(await masterKey(config, facts)),
    ...keyAges(config, facts.ring.keys, clock.now()),
    facts.revocationLogRows < LOG_IS_LONG
      ? ok('revocation log', `${facts.revocationLogRows} rows`)
      : warn('revocation log', `${facts.revocationLogRows} rows: is a server running that sweeps it?`),
  ];
}

function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return fault instanceof Unavailable && fault.cause instanceof Error ? fault.cause.message : fault.message;
}

/** What only a database on a server has: how many may come, and a clock of its own. */
function server({ database }: Config, { server }: DatabaseFacts): Finding[] {
  if (server === null || database.kind === 'sqlite') return [];
  const { version, connections, clockAheadMs } = server;
  const needed = database.poolSize + CONNECTIONS_BESIDE_POOL;
  const room = `PostgreSQL ${version}; a node takes up to ${needed} of ${connections} connections`;
  const apart = Math.round(Math.abs(clockAheadMs) / 1000);
  return [
    needed <= connections
      ? ok('database', room)
      : bad('database', `${room}: raise max_connections, or lower COUNTERFOIL_DATABASE_POOL.`),
    ...(apart * 1000 <= CLOCKS_APART_MS
      ? []
      : [
          warn(
            'clock',
            `the clock of the database is ${apart} s ${clockAheadMs > 0 ? 'ahead of' : 'behind'} this one. Set the one that is wrong: nodes agree on times by their clocks.`,
          ),
        ]),
  ];
}

interface Moment {
  readonly now: number;
  readonly monotonic: number;
}

function clockFinding({ newestAt }: DatabaseFacts, began: Moment, clock: Clock): Finding {
  const moved = clock.now() - began.now - (clock.monotonic() - began.monotonic);
  if (Math.abs(moved) > CLOCK_JUMP_MS) {
    const seconds = Math.round(moved / 1000);
    return bad('clock', `was set by ${seconds} s while it was looked at. Let it be slewed, not stepped.`);
  }
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
  const files = place.kind === 'file' && existsSync(place.path) ? checkSecrecy(place.path) : [];
  const state = await examineMasterKey(place, ring);
  switch (state.kind) {
    case 'opens':
      return [
        ok('master key', `${state.id} opens all keys`),
        ...(state.staged
          ? [warn('master key', 'an exchange was cut short; "counterfoil keys rewrap" ends it')]
          : []),
        ...files,
      ];
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
