/** A readable name for a client, out of its User-Agent: "Firefox on Linux". What it cannot read becomes null. */

import Bowser from 'bowser';

const MAX_LENGTH = 512;

export function clientLabelFrom(userAgent: string | undefined): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.parse(userAgent.slice(0, MAX_LENGTH));
  if (!browser.name) return null;
  return os.name ? `${browser.name} on ${os.name}` : browser.name;
}
