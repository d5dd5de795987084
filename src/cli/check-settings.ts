/** What `counterfoil doctor` says about settings that work and are not safe. */

import { type Config, hostOf, isLoopback, isLoopbackHost, playgroundOn } from '../config/config.js';
import type { Environment } from '../config/environment.js';
import { bad, type Finding, ok, warn } from './finding.js';

type Risk = [at: boolean, finding: Finding];

export function checkSettings(config: Config, environment: Environment): Finding[] {
  const { http, issuer, production, rateLimits } = config;
  const open = !isLoopbackHost(http.host);
  const plain = issuer.startsWith('http:') && !isLoopback(issuer);
  const risks: Risk[] = [
    [
      plain,
      bad(
        'issuer',
        `${issuer} is not https: browsers will not keep the cookie, and tokens travel in the clear. Set COUNTERFOIL_ISSUER to the https address.`,
      ),
    ],
    [
      open && isLoopback(issuer),
      warn(
        'issuer',
        `the server listens on ${http.host}, but calls itself ${issuer}. Set COUNTERFOIL_ISSUER to the address that clients use.`,
      ),
    ],
    ...databaseRisks(config, environment),
    [
      !rateLimits,
      bad('rate limits', 'are off: passwords can be guessed without end. Unset COUNTERFOIL_RATE_LIMITS.'),
    ],
    [
      playgroundOn(config) && production,
      bad('playground', 'is on in production, with introspection. Set COUNTERFOIL_PLAYGROUND to off.'),
    ],
    [
      playgroundOn(config) && !production && !isLoopback(issuer),
      warn('playground', 'is on for a public issuer, with introspection.'),
    ],
    [
      environment['NODE_ENV'] === undefined && !isLoopback(issuer),
      warn(
        'NODE_ENV',
        'is not set. Counterfoil is strict without it; say production all the same, for the libraries.',
      ),
    ],
    [
      new Set(http.allowedOrigins).size > 1,
      warn(
        'allowed origins',
        'are more than one: with cookie delivery their pages share one cookie and sign each other out, unless each calls the API under its own host. Let all but one use BODY delivery, or serve /graphql under each.',
      ),
    ],
    [
      http.trustedProxies.some((range) => /\/0$/.test(range)),
      bad(
        'trusted proxies',
        'every address may say who it speaks for, so limits per address are no limits. Name the proxies only.',
      ),
    ],
  ];
  const found = risks.filter(([at]) => at).map(([, finding]) => finding);
  return found.length > 0 ? found : [ok('settings', 'nothing insecure')];
}

/** What only matters where the database is reached over a network, and by more than one machine. */
function databaseRisks({ database, masterKey }: Config, environment: Environment): Risk[] {
  if (database.kind === 'sqlite') return [];
  const host = hostOf(database.url);
  // A socket of this machine has a path for a name.
  const far = !host.startsWith('/') && !isLoopbackHost(host);
  const tls = tlsOf(database.url, environment['PGSSLMODE']);
  // Such names are given within one network, as that of containers.
  const near = !/[.:]/.test(host);
  const says = `${host} may be reached without TLS.`;
  return [
    [
      far && tls === 'none',
      near
        ? warn('database', `${says} Let nobody else into its network, or add sslmode=verify-full to the URL.`)
        : bad('database', `${says} Add sslmode=verify-full to the URL.`),
    ],
    [
      far && tls === 'unverified',
      warn(
        'database',
        `whoever answers for ${host} is believed: its certificate is not checked, or not for its name. Say sslmode=verify-full in the URL.`,
      ),
    ],
    [
      masterKey.kind === 'file',
      warn(
        'master key',
        `is in the file ${masterKey.kind === 'file' ? masterKey.path : ''}: every node needs the same one. Copy it, or set COUNTERFOIL_MASTER_KEY.`,
      ),
    ],
  ];
}

/** What the driver makes of the URL; where that says nothing, of the environment. */
function tlsOf(url: string, fromEnvironment: string | undefined): 'none' | 'unverified' | 'verified' {
  const { searchParams } = new URL(url);
  const mode = searchParams.get('sslmode') ?? fromEnvironment;
  if (mode === undefined) {
    const asked =
      ['true', '1'].includes(searchParams.get('ssl') ?? '') ||
      searchParams.get('sslnegotiation') === 'direct' ||
      ['sslcert', 'sslkey', 'sslrootcert'].some((name) => searchParams.has(name));
    return asked ? 'verified' : 'none';
  }
  // By their names the last two do without TLS where the server has none. This driver does not, yet.
  if (['disable', 'allow', 'prefer'].includes(mode)) return 'none';
  if (mode === 'no-verify') return 'unverified';
  const asLibpq = searchParams.get('uselibpqcompat') === 'true';
  return asLibpq && mode !== 'verify-full' ? 'unverified' : 'verified';
}
