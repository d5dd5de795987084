/**
 * What can go wrong with PostgreSQL, sorted: failures of the machine around it (gone, restarting, hanging, full) leave a
 * store as `Unavailable`; our own mistakes leave it as a `PostgresFault`, which says where and never what. The driver's
 * and Drizzle's own messages hold the values of the row, and are not for a log.
 */

import pg from 'pg';
import { Unavailable } from '../../entities/unavailable.js';
import { reasonByCode, reasonByWords } from './reasons.js';

/** SQLSTATE classes of a server that cannot serve, or not us: connection, resources, intervention, system, rights. */
const MACHINE = /^(08|53|57|58|XX|3D|3F|28|0A000$|42501$)/;
/** Read-only transaction (a demoted primary), serialization failure, deadlock, lock not available. */
const PASSING = new Set(['25006', '40001', '40P01', '55P03']);
const CONFLICTS = new Set(['40001', '40P01', '55P03']);

/** A statement of ours that the server refused. */
class PostgresFault extends Error {
  override name = 'PostgresFault';

  constructor({ code, table, constraint, routine }: pg.DatabaseError) {
    super(`PostgreSQL refused a statement: ${[code, table, constraint, routine].filter(Boolean).join(' ')}`);
  }
}

/** The server's own report inside whatever was thrown, or null where the connection itself failed. */
function reportIn(fault: unknown): pg.DatabaseError | null {
  if (fault instanceof pg.DatabaseError) return fault;
  return fault instanceof Error && fault.cause !== undefined ? reportIn(fault.cause) : null;
}

/** Whether the server undid the transaction because of another one. */
export function isConflict(fault: unknown): boolean {
  return CONFLICTS.has(reportIn(fault)?.code ?? '');
}

/** Whether the connection is of no more use: lost, timed out, or being shut down. */
export function isLost(fault: unknown): boolean {
  const report = reportIn(fault);
  return report === null ? isOfDriver(fault) : /^(08|57P0)/.test(report.code ?? '');
}

/** Whether it simply took too long: trying again would take as long. */
export function isTimeout(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false;
  return /timeout/i.test(fault.message) || (fault.cause !== undefined && isTimeout(fault.cause));
}

/** What leaves the store in place of what was thrown. */
export function sorted(fault: unknown): unknown {
  if (fault instanceof Unavailable) return fault;
  const report = reportIn(fault);
  if (report !== null) {
    const code = report.code ?? '';
    if (MACHINE.test(code) || PASSING.has(code))
      return unavailable(reasonByCode(code) ?? `PostgreSQL answered ${code}`);
    return new PostgresFault(report);
  }
  return isOfDriver(fault) ? unavailable(whatHappened(fault)) : fault;
}

/** The same port, whose methods reject with what `sorted` makes of a failure. */
export function guarded<Port extends object>(port: Port): Port {
  const methods = Object.entries(port).map(([name, method]) => [name, guardedMethod(method)]);
  return Object.fromEntries(methods) as Port;
}

function guardedMethod(method: (...given: unknown[]) => unknown) {
  return (...given: unknown[]) => {
    const result = method(...given);
    if (!(result instanceof Promise)) return result;
    return result.catch((fault: unknown) => {
      throw sorted(fault);
    });
  };
}

/** What leaves the store for a reason that is known already. */
export function unavailable(what: string): Unavailable {
  return new Unavailable('The database does not serve.', { cause: new Error(what) });
}

/** Codes of sockets and of TLS, then those of OpenSSL for certificates that do not convince, such as CERT_HAS_EXPIRED. */
const SOCKET = /^E[A-Z]+|CERT|CRL|^(UNABLE_TO|INVALID|PATH_LENGTH)_/;
/** Errors that the driver makes itself have no code, only their words. */
const DRIVER =
  /timeout|terminated|SASL|Cannot use a pool|Client (was closed|has encountered)|Connection|not queryable/i;

function isOfDriver(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false;
  if ('code' in fault && typeof fault.code === 'string' && SOCKET.test(fault.code)) return true;
  if (fault instanceof AggregateError) return fault.errors.some(isOfDriver);
  return DRIVER.test(fault.message) || (fault.cause !== undefined && isOfDriver(fault.cause));
}

function whatHappened(fault: unknown): string {
  if (fault instanceof AggregateError) return whatHappened(fault.errors[0]);
  const { code, cause, message } = fault as Error & { code?: string };
  if (typeof code === 'string') return reasonByCode(code) ?? code;
  if (cause instanceof Error) return whatHappened(cause);
  return reasonByWords(message) ?? (message.startsWith('Failed query') ? 'no answer' : message);
}
