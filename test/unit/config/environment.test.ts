import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { playgroundOn } from '../../../src/config/config.js';
import { type Environment, readEnvironment } from '../../../src/config/environment.js';
import { ConfigurationError, configFrom } from '../../../src/config/settings.js';

function good(environment: Environment) {
  const outcome = readEnvironment(environment);
  if (outcome.kind === 'bad') throw new Error(JSON.stringify(outcome.problems));
  return outcome;
}

function problemsOf(environment: Environment): Record<string, string> {
  const outcome = readEnvironment(environment);
  if (outcome.kind === 'good') return {};
  return Object.fromEntries(outcome.problems.map(({ variable, problem }) => [variable, problem]));
}

/** Lets `look` see a file with that text. */
function withFile(text: string, look: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  try {
    const path = join(folder, 'secret');
    writeFileSync(path, text);
    look(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the configuration', () => {
  it('has the documented defaults when nothing is set', () => {
    const { config, warnings } = good({});
    expect(warnings).toEqual([]);
    expect(config.http).toMatchObject({
      host: 'localhost',
      port: 4000,
      allowedOrigins: [],
      trustedProxies: [],
    });
    expect(config.issuer).toBe('http://localhost:4000');
    expect(config.audience).toBe(config.issuer);
    expect(config.lifetimes).toMatchObject({
      accessTtlMs: 300_000,
      idleTtlMs: 14 * 86_400_000,
      absoluteTtlMs: 90 * 86_400_000,
      graceMs: 30_000,
      maxStalenessMs: 5_000,
      skewMs: 30_000,
    });
    expect(config.keys).toEqual({ publishLeadMs: 3_600_000, rotateEveryMs: 30 * 86_400_000 });
    expect(config.passwords).toMatchObject({
      minLength: 12,
      maxLength: 128,
      cost: { memoryKiB: 19_456, iterations: 2, parallelism: 1 },
    });
    expect(config.database).toEqual({ kind: 'sqlite', file: './data/counterfoil.db' });
    expect(config.masterKey).toEqual({ kind: 'file', path: 'data/master.key' });
    expect(config.rateLimits).toBe(true);
    expect(config.operator).toBeNull();
  });

  it('is frozen all the way down', () => {
    const { config } = good({ COUNTERFOIL_ALLOWED_ORIGINS: 'https://app.example.com' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.lifetimes)).toBe(true);
    expect(Object.isFrozen(config.http.allowedOrigins)).toBe(true);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(good({ PORT: '', COUNTERFOIL_ISSUER: '' }).config.http.port).toBe(4000);
  });

  it('names every problem at once, misshapen and contradictory ones alike', () => {
    const problems = problemsOf({
      PORT: 'http',
      COUNTERFOIL_ACCESS_TTL: '-1',
      COUNTERFOIL_ISSUER: 'https://auth.example.com/path',
      COUNTERFOIL_DATABASE: 'mysql://localhost/x',
      COUNTERFOIL_MODEL: 'telepathic',
      COUNTERFOIL_IDLE_TTL: '20000000',
      COUNTERFOIL_OPERATOR_EMAIL: 'root@example.com',
    });
    expect(Object.keys(problems).sort()).toEqual([
      'COUNTERFOIL_ACCESS_TTL',
      'COUNTERFOIL_DATABASE',
      'COUNTERFOIL_IDLE_TTL',
      'COUNTERFOIL_ISSUER',
      'COUNTERFOIL_MODEL',
      'COUNTERFOIL_OPERATOR_PASSWORD',
      'PORT',
    ]);
  });

  it.each([
    ['COUNTERFOIL_ALLOWED_ORIGINS', '*'],
    ['COUNTERFOIL_ALLOWED_ORIGINS', 'null'],
    ['COUNTERFOIL_ALLOWED_ORIGINS', 'https://app.example.com/'],
    ['COUNTERFOIL_TRUSTED_PROXIES', 'true'],
    ['COUNTERFOIL_TRUSTED_PROXIES', 'proxy.example.com'],
    ['COUNTERFOIL_TRUSTED_PROXIES', '10.0.0.1,10.0.0.0/33'],
    ['COUNTERFOIL_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['COUNTERFOIL_ISSUER', 'ftp://example.com'],
    ['COUNTERFOIL_ISSUER', 'auth.example.com'],
    ['COUNTERFOIL_MASTER_KEY', 'changeme'],
    ['COUNTERFOIL_METRICS_TOKEN', 'short'],
    ['COUNTERFOIL_REUSE_GRACE', '301'],
    ['COUNTERFOIL_RATE_LIMITS', 'no'],
    ['COUNTERFOIL_ARGON2', 'm=1024,t=2,p=1'],
    ['COUNTERFOIL_ARGON2', 'm=19456,t=0,p=1'],
    ['COUNTERFOIL_PASSWORD_MIN_LENGTH', '7'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s and names the variable', (variable, value) => {
    expect(Object.keys(problemsOf({ [variable]: value }))).toEqual([variable]);
  });

  it('never repeats a secret in a problem', () => {
    const secret = 'canary-7f3a';
    const environment = { COUNTERFOIL_MASTER_KEY: secret, COUNTERFOIL_OPERATOR_PASSWORD: secret };
    expect(JSON.stringify(readEnvironment(environment))).not.toContain(secret);
  });

  it('in production demands https off loopback and keeps the limits on', () => {
    const environment = {
      NODE_ENV: 'production',
      COUNTERFOIL_ISSUER: 'http://auth.example.com',
      COUNTERFOIL_RATE_LIMITS: 'off',
    };
    expect(Object.keys(problemsOf(environment)).sort()).toEqual([
      'COUNTERFOIL_ISSUER',
      'COUNTERFOIL_RATE_LIMITS',
    ]);
  });

  it('warns of a variable it does not know, which may be a misspelled one', () => {
    expect(good({ COUNTERFOIL_ACESS_TTL: '60' }).warnings).toEqual([
      'COUNTERFOIL_ACESS_TTL is not a variable that this version knows',
    ]);
  });

  it('warns of a key that would sign before every cache of the JWKS has run out', () => {
    expect(good({ COUNTERFOIL_KEY_PUBLISH_LEAD: '299' }).warnings.join()).toContain(
      'COUNTERFOIL_KEY_PUBLISH_LEAD',
    );
    expect(good({ COUNTERFOIL_KEY_PUBLISH_LEAD: '300' }).warnings).toEqual([]);
  });

  it('reads the operator password from a file, without its final line break', () => {
    withFile('zebra quartz lamp 9\n', (path) => {
      const environment = {
        COUNTERFOIL_OPERATOR_EMAIL: 'a@b.example',
        COUNTERFOIL_OPERATOR_PASSWORD_FILE: path,
      };
      expect(good(environment).config.operator).toEqual({
        email: 'a@b.example',
        password: 'zebra quartz lamp 9',
      });
    });
  });

  it('reads where the database is from a file, without its final line break', () => {
    const url = 'postgres://counterfoil:canary-7f3a@db.example:5432/counterfoil';
    withFile(`${url}\n`, (path) => {
      const { config } = good({ COUNTERFOIL_DATABASE_FILE: path, COUNTERFOIL_DATABASE_POOL: '4' });
      expect(config.database).toEqual({ kind: 'postgres', url, poolSize: 4 });
      const both = { COUNTERFOIL_DATABASE: 'file:./other.db', COUNTERFOIL_DATABASE_FILE: path };
      expect(good(both).config.database).toEqual({ kind: 'sqlite', file: './other.db' });
    });
  });

  it('names the file of a database that cannot be used, and nothing of what it holds', () => {
    withFile('postgres://counterfoil:canary-7f3a@db.example', (path) => {
      const problems = problemsOf({ COUNTERFOIL_DATABASE_FILE: path });
      expect(Object.keys(problems)).toEqual(['COUNTERFOIL_DATABASE_FILE']);
      expect(JSON.stringify(problems)).not.toContain('canary');
    });
    expect(problemsOf({ COUNTERFOIL_DATABASE_FILE: 'nowhere/url' })).toEqual({
      COUNTERFOIL_DATABASE_FILE: 'nowhere/url cannot be read',
    });
  });

  it.each([
    [{}, true],
    [{ NODE_ENV: 'production' }, false],
    [{ COUNTERFOIL_ISSUER: 'https://auth.example.com' }, false],
    [{ HOST: '0.0.0.0' }, false],
    [{ COUNTERFOIL_PLAYGROUND: 'off' }, false],
    [{ NODE_ENV: 'production', COUNTERFOIL_PLAYGROUND: 'on' }, true],
  ])('with %j the playground is on: %s', (environment, on) => {
    expect(playgroundOn(good(environment).config)).toBe(on);
  });

  it('is the same from settings in code', () => {
    const settings = {
      accessTtl: 60,
      allowedOrigins: ['https://a.example', 'https://b.example'],
      production: false,
    };
    const config = configFrom(settings);
    expect(config.lifetimes.accessTtlMs).toBe(60_000);
    expect(config.http.allowedOrigins).toEqual(settings.allowedOrigins);
    expect(() => configFrom({ accessTtl: -1 })).toThrow(ConfigurationError);
  });
});
