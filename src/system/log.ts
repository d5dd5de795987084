/**
 * Structured logs: one JSON line per event on standard output, UTC times, escaped text (pino). What may be secret is
 * cut out here once more, although no caller should hand it in.
 */

import { pino } from 'pino';

export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const SECRET_FIELDS = [
  'password',
  'currentPassword',
  'newPassword',
  'accessToken',
  'refreshToken',
  'idempotencyKey',
  'token',
  'secret',
  'masterKey',
  'authorization',
  'cookie',
  'set-cookie',
  'hash',
  'variables',
];

export function createLog(level: LogLevel, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`]),
      censor: '[redacted]',
    },
    hooks: { streamWrite: onOneLine },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** JSON lets these stand in a text, and readers of logs take them for line ends or commands to their terminal. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029]/g;

function onOneLine(line: string): string {
  return line.replace(UNSAFE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
