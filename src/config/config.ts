/** What a deployment may choose, checked and frozen. Read from the environment by `environment.ts`, or given by code. */

import type { ModelName } from '../entities/session-model.js';
import type { LogLevel } from '../system/log.js';

export interface Config {
  readonly production: boolean;
  readonly logLevel: LogLevel;
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Origins of browsers besides the issuer's own that may call with credentials; with cookie delivery one per API host. */
    readonly allowedOrigins: readonly string[];
    /** Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed. */
    readonly trustedProxies: readonly string[];
    readonly metricsToken: string | null;
    /** How long a server that was told to stop says so by `/readyz`, and still takes connections. */
    readonly drainMs: number;
    /** The web console at `/console/`. */
    readonly console: boolean;
    /** The playground, introspection and suggestions. `auto`: only for a loopback issuer outside production. */
    readonly playground: 'auto' | 'on' | 'off';
  };
  readonly database: /** A path, or `:memory:`. */
    | { readonly kind: 'sqlite'; readonly file: string }
    /** The URL may hold a password: it goes to the driver and nowhere else. */
    | { readonly kind: 'postgres'; readonly url: string; readonly poolSize: number };
  /** Who may say that a credential is good. */
  readonly model: ModelName;
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  /** The master key itself (32 bytes in base64 or hex), or the file that holds it or is to hold it. */
  readonly masterKey:
    | { readonly kind: 'given'; readonly text: string }
    | { readonly kind: 'file'; readonly path: string };
  readonly lifetimes: {
    readonly accessTtlMs: number;
    readonly idleTtlMs: number;
    readonly absoluteTtlMs: number;
    readonly graceMs: number;
    readonly maxStalenessMs: number;
    readonly skewMs: number;
    readonly auditKeepMs: number;
  };
  readonly keys: { readonly publishLeadMs: number; readonly rotateEveryMs: number };
  readonly passwords: {
    readonly minLength: number;
    readonly maxLength: number;
    readonly contextWords: readonly string[];
    readonly cost: { readonly memoryKiB: number; readonly iterations: number; readonly parallelism: number };
    readonly concurrency: number;
    readonly queueLimit: number;
  };
  /** Limits per account, address and session. Off for benchmarks only. */
  readonly rateLimits: boolean;
  readonly operator: { readonly email: string; readonly password: string } | null;
}

export const DEFAULT_LIFETIMES: Config['lifetimes'] = {
  accessTtlMs: 300_000,
  idleTtlMs: 14 * 86_400_000,
  absoluteTtlMs: 90 * 86_400_000,
  graceMs: 30_000,
  maxStalenessMs: 5_000,
  skewMs: 30_000,
  auditKeepMs: 90 * 86_400_000,
};

export const DEFAULT_KEYS: Config['keys'] = { publishLeadMs: 3_600_000, rotateEveryMs: 30 * 86_400_000 };

/** Whether a URL names this machine only. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return isLoopbackHost(hostname);
}

export function isLoopbackHost(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/.test(hostname);
}

/** Whether the development aids (playground, introspection, suggestions) are on. */
export function playgroundOn(config: Config): boolean {
  if (config.http.playground !== 'auto') return config.http.playground === 'on';
  return !config.production && isLoopback(config.issuer) && isLoopbackHost(config.http.host);
}

/** The database as it may be shown: the file, or host, port and name without user and password. */
export function databaseName({ database }: Pick<Config, 'database'>): string {
  if (database.kind === 'sqlite') return database.file;
  const { pathname, port, searchParams } = new URL(database.url);
  return `postgres://${hostOf(database.url)}:${port || searchParams.get('port') || 5432}${pathname}`;
}

/** The host in a database URL: a parameter of it goes before the place where hosts are (libpq §32.1.1.2). */
export function hostOf(url: string): string {
  const { hostname, searchParams } = new URL(url);
  return searchParams.get('host') || decodeURIComponent(hostname) || 'localhost';
}
