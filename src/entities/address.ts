/** Addresses of clients, as limits count them. */

import ipaddr from 'ipaddr.js';

/** What counts as one address: an IPv4 address, or the /64 of an IPv6 one, which one subscriber has to themselves. */
export function addressKey(ipAddress: string | null): string {
  if (ipAddress === null || !ipaddr.isValid(ipAddress)) return 'unknown';
  const parsed = ipaddr.process(ipAddress);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const prefix = parsed.toByteArray().slice(0, 8);
  return `${Buffer.from(prefix).toString('hex')}::/64`;
}
