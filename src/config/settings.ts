/**
 * Settings in code, for servers that embed Counterfoil: the variables of the environment under their own names, so that
 * one set of rules checks both. Durations in seconds.
 */

import type { ModelName } from '../entities/session-model.js';
import type { Config } from './config.js';
import { type ConfigProblem, type Environment, readEnvironment } from './environment.js';

export interface Settings {
  /** `file:PATH`, `file::memory:` for one that is gone with the process, or `postgres://user:password@host/name`. */
  readonly database?: string;
  /** Connections to PostgreSQL that this process may hold. */
  readonly databasePool?: number;
  readonly model?: ModelName;
  readonly issuer?: string;
  readonly audience?: string;
  /** 32 bytes in base64 or hex. */
  readonly masterKey?: string;
  readonly masterKeyFile?: string;
  readonly accessTtl?: number;
  readonly idleTtl?: number;
  readonly absoluteTtl?: number;
  readonly reuseGrace?: number;
  readonly maxStaleness?: number;
  readonly keyPublishLead?: number;
  readonly keyRotation?: number;
  readonly auditTtl?: number;
  readonly allowedOrigins?: readonly string[];
  readonly trustedProxies?: readonly string[];
  readonly metricsToken?: string;
  readonly console?: 'on' | 'off';
  readonly playground?: 'auto' | 'on' | 'off';
  readonly passwordMinLength?: number;
  readonly passwordMaxLength?: number;
  readonly passwordWords?: readonly string[];
  /** Such as `m=19456,t=2,p=1`. */
  readonly argon2?: string;
  readonly operatorEmail?: string;
  readonly operatorPassword?: string;
  readonly rateLimits?: 'on' | 'off';
  readonly production?: boolean;
}

const VARIABLES: { readonly [Name in keyof Settings]-?: string } = {
  database: 'COUNTERFOIL_DATABASE',
  databasePool: 'COUNTERFOIL_DATABASE_POOL',
  model: 'COUNTERFOIL_MODEL',
  issuer: 'COUNTERFOIL_ISSUER',
  audience: 'COUNTERFOIL_AUDIENCE',
  masterKey: 'COUNTERFOIL_MASTER_KEY',
  masterKeyFile: 'COUNTERFOIL_MASTER_KEY_FILE',
  accessTtl: 'COUNTERFOIL_ACCESS_TTL',
  idleTtl: 'COUNTERFOIL_IDLE_TTL',
  absoluteTtl: 'COUNTERFOIL_ABSOLUTE_TTL',
  reuseGrace: 'COUNTERFOIL_REUSE_GRACE',
  maxStaleness: 'COUNTERFOIL_MAX_STALENESS',
  keyPublishLead: 'COUNTERFOIL_KEY_PUBLISH_LEAD',
  keyRotation: 'COUNTERFOIL_KEY_ROTATION',
  auditTtl: 'COUNTERFOIL_AUDIT_TTL',
  allowedOrigins: 'COUNTERFOIL_ALLOWED_ORIGINS',
  trustedProxies: 'COUNTERFOIL_TRUSTED_PROXIES',
  metricsToken: 'COUNTERFOIL_METRICS_TOKEN',
  console: 'COUNTERFOIL_CONSOLE',
  playground: 'COUNTERFOIL_PLAYGROUND',
  passwordMinLength: 'COUNTERFOIL_PASSWORD_MIN_LENGTH',
  passwordMaxLength: 'COUNTERFOIL_PASSWORD_MAX_LENGTH',
  passwordWords: 'COUNTERFOIL_PASSWORD_WORDS',
  argon2: 'COUNTERFOIL_ARGON2',
  operatorEmail: 'COUNTERFOIL_OPERATOR_EMAIL',
  operatorPassword: 'COUNTERFOIL_OPERATOR_PASSWORD',
  rateLimits: 'COUNTERFOIL_RATE_LIMITS',
  production: 'NODE_ENV',
};

/** Thrown when settings cannot be used; names every problem at once. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(({ variable, problem }) => `${variable} ${problem}`).join('\n'));
  }
}

/** Throws `ConfigurationError`. */
export function configFrom(settings: Settings): Config {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(settings) as [keyof Settings, unknown][]) {
    if (value !== undefined) environment[VARIABLES[name]] = textOf(name, value);
  }
  return mustRead(environment);
}

/** The configuration of the environment, or `ConfigurationError`. */
function mustRead(environment: Environment): Config {
  const outcome = readEnvironment(environment);
  if (outcome.kind === 'bad') throw new ConfigurationError(outcome.problems);
  return outcome.config;
}

function textOf(name: keyof Settings, value: unknown): string {
  if (name === 'production') return value === true ? 'production' : 'development';
  return Array.isArray(value) ? value.join(',') : String(value);
}
