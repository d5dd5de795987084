/** Figures as words: amounts with their units, medians with their ranges. */

import type { Summary } from '../harness/statistics.js';

export const NOT_MEASURED = 'not measured';

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Three digits, or whole where it has more. */
export function plain(value: number): string {
  return Math.abs(value) >= 100 ? count(value) : String(Number(value.toPrecision(3)));
}

export function bytes(value: number): string {
  const [size, unit] = scaled(Math.abs(value), ['bytes', 'kB', 'MB', 'GB']);
  return `${value < 0 ? '-' : ''}${unit === 'bytes' ? count(size) : plain(size)} ${unit}`;
}

export function milliseconds(value: number): string {
  return value >= 10_000 ? `${plain(value / 1000)} s` : `${plain(value)} ms`;
}

export function perSecond(value: number): string {
  return `${count(value)}/s`;
}

export function percent(share: number): string {
  return `${plain(share * 100)} %`;
}

function scaled(value: number, units: readonly string[]): [number, string] {
  let [size, place] = [value, 0];
  while (size >= 1000 && place < units.length - 1) {
    size /= 1000;
    place += 1;
  }
  return [size, units[place] ?? ''];
}

/** `12 ms (11 ms to 14 ms)`; the median alone where one round is all there is. */
export function ranged(summary: Summary | null, format: (value: number) => string): string {
  if (summary === null) return NOT_MEASURED;
  const { median, least, most, rounds } = summary;
  return rounds === 1 || least === most
    ? format(median)
    : `${format(median)} (${format(least)} to ${format(most)})`;
}

/** `3 MB more` or `3 MB less`. */
export function moreOrLess(difference: number, format: (value: number) => string): string {
  return `${format(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'}`;
}

/** `12 ms`, the median alone. For units that do not depend on the size. */
export function median(summary: Summary | null, unit: string): string {
  return summary === null ? NOT_MEASURED : `${plain(summary.median)} ${unit}`.trim();
}

/** `12 ms (11 to 14)`, the median with its range where there is one. */
export function amount(summary: Summary | null, unit: string): string {
  if (summary === null) return NOT_MEASURED;
  const { least, most, rounds } = summary;
  const range = rounds === 1 || least === most ? '' : ` (${plain(least)} to ${plain(most)})`;
  return `${median(summary, unit)}${range}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const [last = '', ...before] = [...names].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} and ${last}`;
}
