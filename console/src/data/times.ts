/** Instants and lengths of time in words, in the zone of whoever looks: the one place where the console writes them. */

const ABSOLUTE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const CLOCK = new Intl.DateTimeFormat('en', { timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'full' });
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "8 seconds", "3 minutes": rounded up, since waiting too little is of no use. */
export function duration(seconds: number): string {
  const [amount, unit] =
    seconds < 90
      ? [Math.max(1, Math.ceil(seconds)), 'second']
      : seconds < 5_400
        ? [Math.ceil(seconds / 60), 'minute']
        : seconds < 129_600
          ? [Math.ceil(seconds / 3_600), 'hour']
          : [Math.ceil(seconds / 86_400), 'day'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

/** "3 minutes ago", "in 2 days", "just now". */
export function relative(at: number, now: number): string {
  const seconds = (at - now) / 1_000;
  for (const [unit, length] of UNITS)
    if (Math.abs(seconds) >= length) return RELATIVE.format(Math.round(seconds / length), unit);
  return seconds > 5 ? 'in a moment' : 'just now';
}

/** "Nov 29, 2026, 10:04:07 AM". */
export function absolute(at: string | number): string {
  return ABSOLUTE.format(new Date(at));
}

/** "10:04:07 AM": where the day is known. */
export function clock(at: string | number): string {
  return CLOCK.format(new Date(at));
}

/** "Today", "Yesterday", "Friday, November 27, 2026". */
function dayOf(at: string, now: number): string {
  const day = DAY.format(new Date(at));
  if (day === DAY.format(now)) return 'Today';
  const before = new Date(now);
  before.setDate(before.getDate() - 1);
  return day === DAY.format(before) ? 'Yesterday' : day;
}

/** What happened, a day under its name: neighbours of one day together, in the order in which they come. */
export function byDay<Event extends { readonly at: string }>(
  events: readonly Event[],
  now: number,
): readonly { readonly day: string; readonly events: readonly Event[] }[] {
  const days: { readonly day: string; readonly events: Event[] }[] = [];
  for (const event of events) {
    const day = dayOf(event.at, now);
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, events: [event] });
  }
  return days;
}
