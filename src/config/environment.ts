/**
 * The environment → a frozen `Config`. A bad value stops the start, and every problem is named at once, by variable.
 * Secrets never appear in a problem's text.
 */

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MODEL_NAMES } from '../entities/session-model.js';
import { type Config, DEFAULT_KEYS, DEFAULT_LIFETIMES, isLoopback } from './config.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigProblem {
  readonly variable: string;
  readonly problem: string;
}

export type ConfigOutcome =
  | { readonly kind: 'good'; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly kind: 'bad'; readonly problems: readonly ConfigProblem[] };

const MASTER_KEY = /^([0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/;
/** The `max-age` of the JWKS: a key that signs sooner may meet a verifier that has not heard of it. */
const JWKS_CACHED_MS = 300_000;
const DEFAULT_DATABASE = 'file:./data/counterfoil.db';

const seconds = (fallbackMs: number, { min = 1, max = 10 * 365 * 86_400 } = {}) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number of seconds')
    .transform((text) => Math.round(Number(text) * 1000))
    .refine((ms) => ms >= min * 1000, `must be at least ${min} seconds`)
    .refine((ms) => ms <= max * 1000, `must be at most ${max} seconds`)
    .default(fallbackMs);

const whole = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`)
    .default(fallback);

const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .default([]);

const origin = z.string().refine((text) => originOf(text) === text, {
  error: (issue) =>
    `must be an origin such as https://app.example.com, without a path: ${JSON.stringify(issue.input)}`,
});

const proxy = z.string().refine(isAddressRange, {
  error: (issue) => `must be an address or a range such as 10.0.0.0/8: ${JSON.stringify(issue.input)}`,
});

const variables = z.object({
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  PORT: whole(4000, 0, 65_535),
  HOST: z.string().min(1).default('localhost'),
  COUNTERFOIL_DATABASE: z.string().optional(),
  COUNTERFOIL_DATABASE_FILE: z.string().min(1).optional(),
  COUNTERFOIL_DATABASE_POOL: whole(10, 2, 1000),
  COUNTERFOIL_MODEL: z.enum(MODEL_NAMES).default('hybrid'),
  COUNTERFOIL_ISSUER: z.string().optional(),
  COUNTERFOIL_AUDIENCE: z.string().min(1).max(200).optional(),
  COUNTERFOIL_MASTER_KEY: z.string().regex(MASTER_KEY, 'must be 32 bytes in base64 or hex').optional(),
  COUNTERFOIL_MASTER_KEY_FILE: z.string().min(1).optional(),
  COUNTERFOIL_ACCESS_TTL: seconds(DEFAULT_LIFETIMES.accessTtlMs, { max: 86_400 }),
  COUNTERFOIL_IDLE_TTL: seconds(DEFAULT_LIFETIMES.idleTtlMs),
  COUNTERFOIL_ABSOLUTE_TTL: seconds(DEFAULT_LIFETIMES.absoluteTtlMs),
  COUNTERFOIL_REUSE_GRACE: seconds(DEFAULT_LIFETIMES.graceMs, { min: 0, max: 300 }),
  COUNTERFOIL_MAX_STALENESS: seconds(DEFAULT_LIFETIMES.maxStalenessMs, { max: 300 }),
  COUNTERFOIL_KEY_PUBLISH_LEAD: seconds(DEFAULT_KEYS.publishLeadMs, { min: 0 }),
  COUNTERFOIL_KEY_ROTATION: seconds(DEFAULT_KEYS.rotateEveryMs, { min: 60 }),
  COUNTERFOIL_AUDIT_TTL: seconds(DEFAULT_LIFETIMES.auditKeepMs, { min: 3600 }),
  COUNTERFOIL_ALLOWED_ORIGINS: list.pipe(z.array(origin)),
  COUNTERFOIL_TRUSTED_PROXIES: list.pipe(z.array(proxy)),
  COUNTERFOIL_DRAIN: seconds(0, { min: 0, max: 300 }),
  COUNTERFOIL_METRICS_TOKEN: z.string().min(16, 'must be at least 16 characters').optional(),
  COUNTERFOIL_CONSOLE: z.enum(['on', 'off']).default('on'),
  COUNTERFOIL_PLAYGROUND: z.enum(['auto', 'on', 'off']).default('auto'),
  COUNTERFOIL_PASSWORD_MIN_LENGTH: whole(12, 8, 64),
  COUNTERFOIL_PASSWORD_MAX_LENGTH: whole(128, 64, 1024),
  COUNTERFOIL_PASSWORD_WORDS: list,
  COUNTERFOIL_ARGON2: z
    .string()
    .regex(/^m=\d{4,7},t=\d{1,2},p=\d{1,2}$/, 'must look like m=19456,t=2,p=1 (memory in KiB, passes, lanes)')
    .default('m=19456,t=2,p=1'),
  COUNTERFOIL_OPERATOR_EMAIL: z.string().optional(),
  COUNTERFOIL_OPERATOR_PASSWORD: z.string().optional(),
  COUNTERFOIL_OPERATOR_PASSWORD_FILE: z.string().min(1).optional(),
  COUNTERFOIL_RATE_LIMITS: z.enum(['on', 'off']).default('on'),
});
type Variables = z.infer<typeof variables>;

/** Every variable that is read. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(variables.shape);

export function readEnvironment(environment: Environment): ConfigOutcome {
  const problems: ConfigProblem[] = [];
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = variables.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) {
    problems.push({ variable: String(path[0]), problem: message });
  }
  // The rest is read with defaults in place of what is misshapen, so that its problems are named in the same breath.
  const misshapen = new Set(problems.map(({ variable }) => variable));
  const readable = Object.entries(given).filter(([name]) => !misshapen.has(name));
  const draft = parsed.data ?? variables.parse(Object.fromEntries(readable));
  const config = configOf(draft, problems);
  problems.push(...contradictions(config).filter(({ variable }) => !misshapen.has(variable)));
  if (problems.length > 0) return { kind: 'bad', problems };
  return { kind: 'good', config: deepFreeze(config), warnings: warningsFor(given, config) };
}

function configOf(v: Variables, problems: ConfigProblem[]): Config {
  const database = databaseOf(v, problems);
  const issuer = issuerOf(v, problems);
  const [memoryKiB, iterations, parallelism] = v.COUNTERFOIL_ARGON2.split(',').map((part) =>
    Number(part.slice(2)),
  );
  return {
    production: v.NODE_ENV === 'production',
    logLevel: v.LOG_LEVEL,
    http: {
      host: v.HOST,
      port: v.PORT,
      allowedOrigins: v.COUNTERFOIL_ALLOWED_ORIGINS,
      trustedProxies: v.COUNTERFOIL_TRUSTED_PROXIES,
      metricsToken: v.COUNTERFOIL_METRICS_TOKEN ?? null,
      drainMs: v.COUNTERFOIL_DRAIN,
      console: v.COUNTERFOIL_CONSOLE === 'on',
      playground: v.COUNTERFOIL_PLAYGROUND,
    },
    database,
    model: v.COUNTERFOIL_MODEL,
    issuer,
    audience: v.COUNTERFOIL_AUDIENCE ?? issuer,
    clientId: 'counterfoil',
    masterKey: masterKeyOf(v, database),
    lifetimes: {
      ...DEFAULT_LIFETIMES,
      accessTtlMs: v.COUNTERFOIL_ACCESS_TTL,
      idleTtlMs: v.COUNTERFOIL_IDLE_TTL,
      absoluteTtlMs: v.COUNTERFOIL_ABSOLUTE_TTL,
      graceMs: v.COUNTERFOIL_REUSE_GRACE,
      maxStalenessMs: v.COUNTERFOIL_MAX_STALENESS,
      auditKeepMs: v.COUNTERFOIL_AUDIT_TTL,
    },
    keys: { publishLeadMs: v.COUNTERFOIL_KEY_PUBLISH_LEAD, rotateEveryMs: v.COUNTERFOIL_KEY_ROTATION },
    passwords: {
      minLength: v.COUNTERFOIL_PASSWORD_MIN_LENGTH,
      maxLength: v.COUNTERFOIL_PASSWORD_MAX_LENGTH,
      contextWords: v.COUNTERFOIL_PASSWORD_WORDS,
      cost: { memoryKiB: memoryKiB ?? 0, iterations: iterations ?? 0, parallelism: parallelism ?? 0 },
      concurrency: Math.max(1, Math.min(availableParallelism(), 4)),
      queueLimit: 64,
    },
    rateLimits: v.COUNTERFOIL_RATE_LIMITS === 'on',
    operator: operatorOf(v, problems),
  };
}

function databaseOf(v: Variables, problems: ConfigProblem[]): Config['database'] {
  const { text, variable } = databaseText(v, problems);
  const [, path] = /^file:(?:\/\/)?(.+)$/.exec(text) ?? [];
  if (path !== undefined) return { kind: 'sqlite', file: path };
  if (/^postgres(ql)?:\/\//.test(text)) {
    if (isPostgresUrl(text)) return { kind: 'postgres', url: text, poolSize: v.COUNTERFOIL_DATABASE_POOL };
    // The text itself is not shown: it may hold a password.
    const problem = `${must(variable)} postgres://user:password@host:5432/database, with percent-encoded special characters`;
    problems.push({ variable, problem });
  } else {
    const problem = `${must(variable)} file:./data/counterfoil.db or postgres://user@host:5432/database`;
    problems.push({ variable, problem });
  }
  return { kind: 'sqlite', file: ':memory:' };
}

const must = (variable: string) =>
  variable.endsWith('_FILE') ? 'must name a file with a line such as' : 'must look like';

/** Where the database is, and which variable said so. The default where a file cannot be read, which is a problem already. */
function databaseText(v: Variables, problems: ConfigProblem[]): { text: string; variable: string } {
  const given = v.COUNTERFOIL_DATABASE;
  if (given !== undefined) return { text: given, variable: 'COUNTERFOIL_DATABASE' };
  const variable = 'COUNTERFOIL_DATABASE_FILE';
  return { text: secretFile(variable, v[variable], problems) ?? DEFAULT_DATABASE, variable };
}

function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { pathname } = new URL(text);
  return pathname.length > 1 && !pathname.slice(1).includes('/');
}

function issuerOf(v: Variables, problems: ConfigProblem[]): string {
  const text = v.COUNTERFOIL_ISSUER ?? `http://localhost:${v.PORT}`;
  const issuer = originOf(text.replace(/\/$/, ''));
  if (issuer !== null) return issuer;
  const problem =
    'must be an http or https URL without path, query or fragment, such as https://auth.example.com';
  problems.push({ variable: 'COUNTERFOIL_ISSUER', problem });
  return 'http://localhost';
}

function masterKeyOf(v: Variables, database: Config['database']): Config['masterKey'] {
  if (v.COUNTERFOIL_MASTER_KEY !== undefined) return { kind: 'given', text: v.COUNTERFOIL_MASTER_KEY };
  const onFile = database.kind === 'sqlite' && database.file !== ':memory:';
  const folder = onFile ? dirname(database.file) : './data';
  return { kind: 'file', path: v.COUNTERFOIL_MASTER_KEY_FILE ?? join(folder, 'master.key') };
}

function operatorOf(v: Variables, problems: ConfigProblem[]): Config['operator'] {
  const password =
    v.COUNTERFOIL_OPERATOR_PASSWORD ??
    secretFile('COUNTERFOIL_OPERATOR_PASSWORD_FILE', v.COUNTERFOIL_OPERATOR_PASSWORD_FILE, problems);
  const email = v.COUNTERFOIL_OPERATOR_EMAIL;
  if (email === undefined && password === undefined) return null;
  if (email === undefined) {
    problems.push({
      variable: 'COUNTERFOIL_OPERATOR_EMAIL',
      problem: 'is needed beside the operator password',
    });
  } else if (password === undefined) {
    problems.push({
      variable: 'COUNTERFOIL_OPERATOR_PASSWORD',
      problem: 'is needed beside the operator email',
    });
  }
  return email !== undefined && password !== undefined ? { email, password } : null;
}

/** What the file holds that a variable names, without its final line break. */
function secretFile(
  variable: string,
  path: string | undefined,
  problems: ConfigProblem[],
): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    problems.push({ variable, problem: `${path} cannot be read` });
    return undefined;
  }
}

/** Values that are fine alone and wrong together. */
function contradictions({
  production,
  lifetimes,
  issuer,
  rateLimits,
  passwords,
  keys,
}: Config): ConfigProblem[] {
  const problems: [boolean, string, string][] = [
    [
      lifetimes.idleTtlMs > lifetimes.absoluteTtlMs,
      'COUNTERFOIL_IDLE_TTL',
      'must not exceed COUNTERFOIL_ABSOLUTE_TTL',
    ],
    [
      lifetimes.accessTtlMs > lifetimes.idleTtlMs,
      'COUNTERFOIL_ACCESS_TTL',
      'must not exceed COUNTERFOIL_IDLE_TTL',
    ],
    [
      keys.publishLeadMs > keys.rotateEveryMs,
      'COUNTERFOIL_KEY_PUBLISH_LEAD',
      'must not exceed COUNTERFOIL_KEY_ROTATION',
    ],
    [
      passwords.minLength > passwords.maxLength,
      'COUNTERFOIL_PASSWORD_MIN_LENGTH',
      'must not exceed the maximal length',
    ],
    [
      production && !isLoopback(issuer) && !issuer.startsWith('https:'),
      'COUNTERFOIL_ISSUER',
      'must use https in production',
    ],
    [production && !rateLimits, 'COUNTERFOIL_RATE_LIMITS', 'must not be off in production'],
    [passwords.cost.memoryKiB < 7168, 'COUNTERFOIL_ARGON2', 'needs m=7168 or more'],
    [
      passwords.cost.iterations < 1 || passwords.cost.parallelism < 1,
      'COUNTERFOIL_ARGON2',
      'needs t and p of 1 or more',
    ],
  ];
  return problems.filter(([wrong]) => wrong).map(([, variable, problem]) => ({ variable, problem }));
}

/** Of services that check tokens, and named in their guide: it may be set on the same machine. */
const NOT_OURS = ['COUNTERFOIL_CREDENTIAL'];

function warningsFor(given: Environment, { keys, production, issuer }: Config): string[] {
  const unknown = Object.keys(given)
    .filter(
      (name) => name.startsWith('COUNTERFOIL_') && !(name in variables.shape) && !NOT_OURS.includes(name),
    )
    .map((name) => `${name} is not a variable that this version knows`);
  const others: [boolean, string][] = [
    [
      keys.publishLeadMs < JWKS_CACHED_MS,
      'COUNTERFOIL_KEY_PUBLISH_LEAD is shorter than verifiers may cache the JWKS (300 s)',
    ],
    [
      production && given['COUNTERFOIL_ISSUER'] === undefined,
      `COUNTERFOIL_ISSUER is not set: tokens name ${issuer}, which nobody else can reach`,
    ],
  ];
  return [...unknown, ...others.filter(([holds]) => holds).map(([, warning]) => warning)];
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return version !== 0 && !address.includes('%') && fits && more.length === 0;
}

function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === text ? url.origin : null;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
