/**
 * A readable name for a client, out of its User-Agent: "Firefox on Linux". It is shown to people who decide by it whether
 * a device is theirs, and so is made of names that are known here, never of what a stranger wrote. Others become null.
 */

import Bowser from 'bowser';

const MAX_LENGTH = 512;
/** Names that were read already: reading one takes longer than a whole query. */
const REMEMBERED = 500;
const known = new Map<string, string | null>();

const BROWSERS: ReadonlySet<string> = new Set(Object.values(Bowser.BROWSER_MAP));
const SYSTEMS: ReadonlySet<string> = new Set(Object.values(Bowser.OS_MAP));

export function clientLabelFrom(userAgent: string | undefined): string | null {
  if (!userAgent) return null;
  const text = userAgent.slice(0, MAX_LENGTH);
  const label = known.get(text);
  if (label !== undefined) return label;
  if (known.size >= REMEMBERED) known.clear();
  const read = readLabel(text);
  // A copy: a text that was cut out of a longer one would keep all of it.
  known.set(Buffer.from(text).toString(), read);
  return read;
}

function readLabel(userAgent: string): string | null {
  const { browser, os } = Bowser.parse(userAgent);
  // Of what it does not know, Bowser gives the text before the first slash.
  if (!browser.name || !BROWSERS.has(browser.name)) return null;
  return os.name && SYSTEMS.has(os.name) ? `${browser.name} on ${os.name}` : browser.name;
}
