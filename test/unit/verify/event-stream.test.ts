/** The event stream of WHATWG HTML §9.2, clause by clause, and in whatever pieces it comes. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeFeedEvent } from '../../../src/revocation/feed-events.js';
import { BrokenStream, EventStream, type StreamedEvent } from '../../../src/verify/event-stream.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function read(bytes: Uint8Array, cuts: readonly number[] = []): StreamedEvent[] {
  const stream = new EventStream();
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length].flatMap((place, index) =>
    stream.push(bytes.subarray(index === 0 ? 0 : places[index - 1], place)),
  );
}
const readText = (text: string) => read(bytesOf(text));
const data = (text: string) => readText(text).map((event) => event.data);

describe('one event', () => {
  it.each(['\n', '\r', '\r\n'])('ends its lines with %j', (end) => {
    const text = ['event: fresh', 'id: 7', 'data: {}', '', ''].join(end);
    expect(readText(text)).toEqual([{ name: 'fresh', data: '{}', id: '7' }]);
  });

  it('ends with a blank line, and is nothing before', () => {
    expect(data('data: a\n')).toEqual([]);
    expect(data('data: a\n\ndata: b')).toEqual(['a']);
  });

  it('joins its data lines by line feeds, and may have empty ones', () => {
    expect(data('data: a\ndata: b\n\n')).toEqual(['a\nb']);
    expect(data('data\n\n')).toEqual(['']);
    expect(data('data\ndata\n\n')).toEqual(['\n']);
  });

  it('loses one space behind the colon, and no more', () => {
    expect(data('data:a\n\ndata:  a\n\n')).toEqual(['a', ' a']);
  });

  it('is called message unless it says otherwise, and its name and id are its own', () => {
    expect(readText('event: a\nid: 1\ndata: x\n\ndata: y\n\n')).toEqual([
      { name: 'a', data: 'x', id: '1' },
      { name: 'message', data: 'y', id: null },
    ]);
  });

  it('without data is none, and leaves its name to nobody', () => {
    expect(readText('event: a\n\ndata: x\n\n')).toEqual([{ name: 'message', data: 'x', id: null }]);
  });
});

describe('what is passed over', () => {
  it.each([': a comment', ':', 'retry: 10', 'unknown: x', 'unknown', 'id: a\0b', ' data: x'])(
    '%j',
    (line) => {
      expect(readText(`${line}\ndata: x\n\n`)).toEqual([{ name: 'message', data: 'x', id: null }]);
    },
  );

  it('one byte order mark at the very beginning', () => {
    expect(data('\ufeffdata: a\n\n')).toEqual(['a']);
    expect(data('\ufeff\ufeffdata: a\n\n')).toEqual([]);
    expect(data('data: a\n\n\ufeffdata: b\n\n')).toEqual(['a']);
  });
});

describe('bounds', () => {
  it('a line without end, and an event without end, are refused', () => {
    const stream = new EventStream();
    const piece = bytesOf('x'.repeat(10_000));
    expect(() => {
      for (let time = 0; time < 10; time++) stream.push(piece);
    }).toThrow(BrokenStream);
    const lines = new EventStream();
    expect(() => {
      for (let time = 0; time < 10; time++) lines.push(bytesOf(`data: ${'x'.repeat(10_000)}\n`));
    }).toThrow(BrokenStream);
  });
});

describe('whatever the pieces', () => {
  const end = fc.constantFrom('\n', '\r', '\r\n');
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constantFrom('a', '€', '\ufeff', '😀'),
  );
  const line = fc.oneof(
    fc.constantFrom('', '', 'data', 'event: fresh', ': comment', 'id: 1'),
    text.map((value) => `data: ${value}`),
  );
  const stream = fc
    .tuple(fc.boolean(), fc.array(fc.tuple(line, end), { maxLength: 12 }))
    .map(([mark, lines]) => (mark ? '\ufeff' : '') + lines.map(([one, ending]) => one + ending).join(''));

  it('the events are the same, though a character, a line end or a byte order mark is cut in two', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(200), { maxLength: 20 }), (source, cuts) => {
        const bytes = bytesOf(source);
        const whole = read(bytes);
        expect(read(bytes, cuts)).toEqual(whole);
        expect(read(bytes, [...bytes.keys()])).toEqual(whole);
      }),
    );
  });

  it('they are those of a reading of the whole text, line by line', () => {
    fc.assert(
      fc.property(stream, (source) => {
        expect(readText(source)).toEqual(reference(source));
      }),
    );
  });

  it('what the server writes is read as it was', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(500), (freshMs, cut) => {
        const bytes = bytesOf(writeFeedEvent({ kind: 'fresh', freshMs }));
        expect(read(bytes, [cut])).toEqual([{ name: 'fresh', data: JSON.stringify({ freshMs }), id: null }]);
      }),
    );
  });
});

/** The standard's own algorithm on a text that is there as a whole. */
function reference(source: string): StreamedEvent[] {
  const events: StreamedEvent[] = [];
  let name = '';
  let id: string | null = null;
  let lines: string[] = [];
  const ended = source
    .replace(/^\ufeff/, '')
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
    .slice(0, -1);
  for (const line of ended) {
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (line === '') {
      if (lines.length > 0) events.push({ name: name || 'message', data: lines.join('\n'), id });
      [name, id, lines] = ['', null, []];
    } else if (field === 'event') name = value;
    else if (field === 'data') lines.push(value);
    else if (field === 'id' && !value.includes('\0')) id = value;
  }
  return events;
}
