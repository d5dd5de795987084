/** Reading a V8 CPU profile: self times within a stretch of time, and whose code a frame is. Pure but for source maps. */

import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Frame {
  readonly functionName: string;
  readonly url: string;
  /** From 0. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  /** Microseconds of the machine's monotonic clock. */
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  readonly frame: Frame;
  readonly microseconds: number;
}

/** How long each frame was on top of the stack between two instants. */
export function selfTimes(
  { nodes, startTime, samples, timeDeltas }: CpuProfile,
  from: number,
  to: number,
): SelfTime[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const sums = new Map<number, number>();
  let at = startTime;
  for (const [index, node] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    at += delta;
    if (at >= from && at <= to) sums.set(node, (sums.get(node) ?? 0) + delta);
  }
  return [...sums].flatMap(([id, microseconds]) => {
    const frame = frames.get(id);
    return frame === undefined ? [] : [{ frame, microseconds }];
  });
}

export function sumBy(times: readonly SelfTime[], key: (time: SelfTime) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const time of times) {
    const name = key(time);
    sums.set(name, (sums.get(name) ?? 0) + time.microseconds);
  }
  return sums;
}

/** The package, the file of ours or the part of Node that a frame belongs to, and the function's name. */
export function placeOf(frame: Frame, root: string): { place: string; name: string } {
  const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
  if (frame.url === '') return { place: 'V8 and native code', name };
  if (frame.url.startsWith('node:')) return { place: frame.url, name };
  const path = frame.url.startsWith('file:') ? fileURLToPath(frame.url) : frame.url;
  const [, owner] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
  return { place: owner ?? sourceOf(path, frame, root), name };
}

const maps = new Map<string, SourceMap | null>();

function sourceOf(path: string, { lineNumber, columnNumber }: Frame, root: string): string {
  const entry = mapOf(path)?.findEntry(lineNumber, columnNumber);
  const source = entry !== undefined && 'originalSource' in entry ? entry.originalSource : null;
  return relative(root, source === null ? path : resolve(dirname(path), source));
}

function mapOf(path: string): SourceMap | null {
  const known = maps.get(path);
  if (known !== undefined) return known;
  let map: SourceMap | null = null;
  try {
    map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
  } catch {
    // Without a map, the file that ran is the best answer.
  }
  maps.set(path, map);
  return map;
}
