/**
 * Failures of the machine around the database (disk full, file gone, locked for too long, closed) are told apart from
 * mistakes of ours: the former leave a store as `Unavailable`, with their cause, the latter as they are.
 */

import Database from 'better-sqlite3';
import { Unavailable } from '../../entities/unavailable.js';
import { refusalOf } from './move.js';

/** SQLite's codes for a statement that is wrong, not for a database that cannot serve it. */
const OUR_MISTAKE = /^SQLITE_(ERROR|CONSTRAINT|MISMATCH|MISUSE|RANGE|TOOBIG|AUTH)/;

/**
 * The same port, whose methods reject with `Unavailable` where the database does not serve, or where `expectations`
 * throws; then all of them must be asynchronous.
 */
export function guarded<Port extends object>(port: Port, expectations: () => void = () => {}): Port {
  const methods = Object.entries(port).map(([name, method]) => [name, guardedMethod(method, expectations)]);
  return Object.fromEntries(methods) as Port;
}

function guardedMethod(method: (...args: unknown[]) => unknown, expectations: () => void) {
  return (...args: unknown[]) => {
    try {
      expectations();
    } catch (fault) {
      return Promise.reject(fault);
    }
    try {
      const result = method(...args);
      return result instanceof Promise ? result.catch(rethrow) : result;
    } catch (fault) {
      return rethrow(fault);
    }
  };
}

function rethrow(fault: unknown): never {
  const refusal = refusalIn(fault);
  if (refusal !== null) throw new Unavailable(refusal, { cause: fault });
  if (isUnavailability(fault)) throw new Unavailable('The database does not serve.', { cause: fault });
  throw fault;
}

/** What the mark of a move said to a write, however deep it lies. */
function refusalIn(fault: unknown): string | null {
  if (!(fault instanceof Error)) return null;
  return refusalOf(fault) ?? refusalIn(fault.cause);
}

function isUnavailability(fault: unknown): boolean {
  if (fault instanceof Database.SqliteError) return !OUR_MISTAKE.test(fault.code);
  if (!(fault instanceof Error)) return false;
  return /database connection is not open/.test(fault.message) || isUnavailability(fault.cause);
}
