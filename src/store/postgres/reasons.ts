/**
 * What is wrong when PostgreSQL cannot be used, and what to do about it, in words for whoever runs the server: one table
 * from SQLSTATE, from the codes of sockets and TLS, and from the words of the driver. Names no user and no value of a row.
 * Host, port and database are named by whoever has the settings. Called by `faults.ts`.
 */

const RIGHTS =
  'its role lacks a right: to migrate it needs CREATE on schema public and on the database, which its owner has; to serve, what docs/operations.md grants';
const UNKNOWN_HOST = 'no host of that name is known: check the host in the URL, and the DNS';
const NO_WAY =
  'there is no way to the host: check the network, and that the database may be reached from here';
const REFUSED =
  'nothing listens there: check host and port, and that PostgreSQL runs and listens on that address';
const SLOW = 'no answer in time: is it overloaded, or does a firewall swallow the connection?';
const BROKEN =
  'the connection broke: has the server been restarted, or does something on the way cut connections?';
const UNTRUSTED =
  'its certificate is not signed by anybody whom this machine trusts: name the authority with sslrootcert=FILE in the URL';
const WRONG_USER = 'it does not accept the user or the password of the URL';
const READ_ONLY = 'it is read-only, as a standby is: the URL must lead to the primary';
const STOPPING = 'it is starting or stopping: wait, and see its log';
const FULL = 'its machine has no room or memory left: see its log';

/** By SQLSTATE (PostgreSQL appendix A), and by what Node calls failures of sockets, names and TLS. */
const BY_CODE: Readonly<Record<string, string>> = {
  '28P01': WRONG_USER,
  '28000': `${WRONG_USER}, or not from this address or not without TLS: see pg_hba.conf there`,
  '3D000': 'the database does not exist there; create it: create database NAME',
  '3F000': 'the schema public does not exist there; create it: create schema public',
  '42501': RIGHTS,
  '25006': READ_ONLY,
  '53300': 'too many connections: raise max_connections, or lower COUNTERFOIL_DATABASE_POOL',
  '53100': FULL,
  '53200': FULL,
  '57P01': STOPPING,
  '57P02': STOPPING,
  '57P03': STOPPING,
  '57014': 'a statement took too long: is the database overloaded, or does somebody hold a lock?',
  '55P03': 'a lock was not to be had in time: does somebody hold it?',
  ECONNREFUSED: REFUSED,
  ENOTFOUND: UNKNOWN_HOST,
  EAI_AGAIN: UNKNOWN_HOST,
  EHOSTUNREACH: NO_WAY,
  ENETUNREACH: NO_WAY,
  ETIMEDOUT: SLOW,
  ECONNRESET: BROKEN,
  EPIPE: BROKEN,
  ENOENT: 'a file or socket that the URL names is not there',
  EACCES: 'a file or socket that the URL names may not be read by this user',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired: renew it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host: use the name that it is for',
};

/** By words, where the driver gives no code. */
const BY_WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /does not support SSL/,
    'the server does not support SSL: turn TLS on there, or, in a private network, say sslmode=disable in the URL',
  ],
  [/password must be a/, 'it asks for a password, and the URL has none'],
  [/is a standby/, READ_ONLY],
  [/timeout/i, SLOW],
  [/terminated|Connection/i, BROKEN],
];

/** Null where the code tells nobody anything. The code comes with it, for whoever looks it up. */
export function reasonByCode(code: string): string | null {
  const reason = BY_CODE[code];
  return reason === undefined ? null : `${reason} (${code})`;
}

/** Null where the words are none that we know. */
export function reasonByWords(words: string): string | null {
  return BY_WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}
