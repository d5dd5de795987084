/**
 * Failures of the machine around the database (disk full, file gone, locked for too long, closed) are told apart from
 * mistakes of ours: the former leave a store as `Unavailable`, with their cause, the latter as they are.
 */

import Database from 'better-sqlite3';
import { Unavailable } from '../../entities/unavailable.js';

/** SQLite's codes for a statement that is wrong, not for a database that cannot serve it. */
const OUR_MISTAKE = /^SQLITE_(ERROR|CONSTRAINT|MISMATCH|MISUSE|RANGE|TOOBIG|AUTH)/;

/** The same port, whose methods reject with `Unavailable` where the database does not serve. */
export function guarded<Port extends object>(port: Port): Port {
  const methods = Object.entries(port).map(([name, method]) => [name, guardedMethod(method)]);
  return Object.fromEntries(methods) as Port;
}

function guardedMethod(method: (...args: unknown[]) => unknown) {
  return (...args: unknown[]) => {
    try {
      const result = method(...args);
      return result instanceof Promise ? result.catch(rethrow) : result;
    } catch (fault) {
      return rethrow(fault);
    }
  };
}

function rethrow(fault: unknown): never {
  if (isUnavailability(fault)) throw new Unavailable('The database does not serve.', { cause: fault });
  throw fault;
}

function isUnavailability(fault: unknown): boolean {
  if (fault instanceof Database.SqliteError) return !OUR_MISTAKE.test(fault.code);
  if (!(fault instanceof Error)) return false;
  return /database connection is not open/.test(fault.message) || isUnavailability(fault.cause);
}
