/** Where a value stands between the foot and the head of a chart, from 0 to 1, and which values are written at its side. */

export interface Scale {
  share(value: number): number;
  readonly ticks: readonly { readonly share: number; readonly label: string }[];
}

/** So that one of something does not fill the chart. */
const FEWEST = 4;

/** From 0 to the next round number above `most`, in steps that are whole. */
export function countScale(most: number): Scale {
  const highest = Math.max(FEWEST, most);
  const step = roundStep(highest / FEWEST);
  const top = step * Math.ceil(highest / step);
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return {
    share: (value) => value / top,
    ticks: ticks.map((value) => ({ share: value / top, label: value.toLocaleString('en') })),
  };
}

function roundStep(least: number): number {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
}

/** From nothing to `top`, drawn by orders of magnitude: a queue of two and one of a hundred are both seen. */
export function queueScale(top: number): Scale {
  const share = (value: number) => Math.log1p(Math.max(0, value)) / Math.log1p(top);
  const values = [0, 1, 3, 10, 30, 100, 300, 1_000, 3_000].filter((value) => value <= top);
  return {
    share,
    ticks: values.map((value) => ({ share: share(value), label: value.toLocaleString('en') })),
  };
}

/** Milliseconds by orders of magnitude, from `least` to `most`. */
export function lagScale(least: number, most: number): Scale {
  const low = Math.min(-1, Math.floor(Math.log10(Math.max(0.01, least))));
  const high = Math.max(low + 2, Math.ceil(Math.log10(Math.max(1, most))));
  const share = (value: number) => Math.max(0, (Math.log10(Math.max(10 ** low, value)) - low) / (high - low));
  const powers = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return { share, ticks: powers.map((value) => ({ share: share(value), label: milliseconds(value) })) };
}

/** "0.4 ms", "12 ms", "5 s". */
export function milliseconds(value: number): string {
  if (value >= 1_000) return `${trimmed(value / 1_000)} s`;
  return `${trimmed(value)} ms`;
}

function trimmed(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}
