/** Where pages of the experiment come from, as seen from the server at the first port of auth.example.test. */

import type { Front } from '../../harness/front.js';
import { SERVER_HOST } from '../../harness/site.js';

export const PLACES = ['same origin', 'other port', 'sibling subdomain', 'foreign site'] as const;
export type PlaceName = (typeof PLACES)[number];

export interface Place {
  readonly name: PlaceName;
  /** Whether its origin is on `COUNTERFOIL_ALLOWED_ORIGINS`; the server's own needs no listing. */
  readonly listed: boolean;
  readonly host: string;
  /** Which of the front's ports. */
  readonly port: number;
}

export const FRONT_PORTS = 3;

export const ALL_PLACES: readonly Place[] = [
  { name: 'same origin', listed: false, host: SERVER_HOST, port: 0 },
  { name: 'other port', listed: true, host: SERVER_HOST, port: 1 },
  { name: 'other port', listed: false, host: SERVER_HOST, port: 2 },
  { name: 'sibling subdomain', listed: true, host: 'app.example.test', port: 0 },
  { name: 'sibling subdomain', listed: false, host: 'blog.example.test', port: 0 },
  { name: 'foreign site', listed: true, host: 'app.partner.test', port: 0 },
  { name: 'foreign site', listed: false, host: 'www.stranger.test', port: 0 },
];

export function originOf({ host, port }: Place, ports: Front['ports']): string {
  return `https://${host}:${ports[port]}`;
}

export function listedOrigins(ports: Front['ports']): string[] {
  return ALL_PLACES.filter(({ listed }) => listed).map((place) => originOf(place, ports));
}
