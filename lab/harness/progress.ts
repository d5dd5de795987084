/** What a person sees while the lab runs: a bar per experiment on a terminal, a line per step elsewhere. */

import { SingleBar } from 'cli-progress';

export interface Progress {
  /** Something that stays on the screen, whatever the bar does. */
  note(line: string): void;
  begin(name: string, done: number, total: number): void;
  /** What is being done now: a step, and perhaps what it says of itself. */
  doing(label: string): void;
  /** One more step is measured, or failed. */
  stepped(label: string, seconds: number): void;
  end(): void;
}

type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export function progressOn(stream: Stream): Progress {
  return stream.isTTY === true ? bars(stream) : lines(stream);
}

const NAME_WIDTH = 13;

function bars(stream: Stream): Progress {
  let bar: SingleBar | null = null;
  let held: string[] = [];
  const flush = () => {
    for (const line of held) stream.write(`${line}\n`);
    held = [];
  };
  return {
    // A line in the middle of a bar would be drawn over; it waits for the bar's end.
    note(line) {
      held.push(line);
      if (bar === null) flush();
    },
    begin(name, done, total) {
      bar = new SingleBar({
        stream,
        format: `{name} {bar} {value}/{total}  {duration_formatted}  {label}`,
        barsize: 24,
        barCompleteChar: '━',
        barIncompleteChar: '┈',
        hideCursor: true,
        clearOnComplete: false,
        linewrap: false,
        fps: 8,
      });
      bar.start(total, done, { name: name.padEnd(NAME_WIDTH), label: '' });
    },
    doing: (label) => bar?.update({ label: label.slice(0, Math.max(10, (stream.columns ?? 80) - 62)) }),
    stepped: () => bar?.increment(1),
    end() {
      bar?.update({ label: '' });
      bar?.stop();
      bar = null;
      flush();
    },
  };
}

function lines(stream: Stream): Progress {
  let current = { name: '', done: 0, total: 0 };
  const write = (line: string) => stream.write(`${line}\n`);
  return {
    note: write,
    begin(name, done, total) {
      current = { name, done, total };
    },
    doing: () => undefined,
    stepped(label, seconds) {
      current.done += 1;
      write(`${current.name} ${current.done}/${current.total}  ${label}  ${seconds.toFixed(1)} s`);
    },
    end: () => undefined,
  };
}
