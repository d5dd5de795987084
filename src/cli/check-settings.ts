/** What `counterfoil doctor` says about settings that work and are not safe. */

import { type Config, isLoopback, isLoopbackHost, playgroundOn } from '../config/config.js';
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
    ...databaseRisks(config),
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
function databaseRisks({ database, masterKey }: Config): Risk[] {
  if (database.kind === 'sqlite') return [];
  const { hostname, searchParams } = new URL(database.url);
  const far = hostname !== '' && !isLoopbackHost(hostname);
  const mode = searchParams.get('sslmode');
  return [
    [
      far && (mode === null || ['disable', 'allow', 'prefer'].includes(mode)),
      bad('database', `${hostname} may be reached without TLS. Add sslmode=verify-full to the URL.`),
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
