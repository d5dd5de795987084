/**
 * Bytes of `text/event-stream` → events (WHATWG HTML §9.2.5, §9.2.6), in whatever pieces they come: a line may end with
 * CR, LF or both, and any character, line end or byte order mark may be cut in two. Bounded: what is longer than any event
 * of ours is refused.
 */

export interface StreamedEvent {
  /** `message` where the event has no name. */
  readonly name: string;
  readonly data: string;
  /** The id in this very event, or null; the standard's "last event ID" is the last of them that was not null. */
  readonly id: string | null;
}

/** The stream is not what it should be; what follows in it cannot be trusted. */
export class BrokenStream extends Error {
  override readonly name = 'BrokenStream';
}

/** In UTF-16 units, for one line and for the data of one event. Ours have some 150. */
const LIMIT = 64 * 1024;

export class EventStream {
  /** Repairs what is no UTF-8 and takes off one byte order mark, as the standard says. */
  readonly #decoder = new TextDecoder();
  #rest = '';
  #afterReturn = false;
  #name = '';
  #data: string | null = null;
  #id: string | null = null;

  /** The events that end in this piece. Throws `BrokenStream` where one is too long. */
  push(bytes: Uint8Array): StreamedEvent[] {
    const events: StreamedEvent[] = [];
    for (const line of this.#lines(this.#decoder.decode(bytes, { stream: true }))) {
      const event = line === '' ? this.#dispatch() : this.#field(line);
      if (event !== null) events.push(event);
    }
    return events;
  }

  /** Whole lines, without their ends; what follows the last end waits for the next piece. */
  #lines(text: string): string[] {
    // A line feed right behind a return that ended the piece before belongs to it.
    const news = this.#afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#afterReturn = text.endsWith('\r');
    const lines = (this.#rest + news).split(/\r\n|\r|\n/);
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LIMIT) throw new BrokenStream('A line of the event stream is too long.');
    return lines;
  }

  #field(line: string): null {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'event') this.#name = value;
    else if (name === 'data') this.#addData(value);
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    // A comment has an empty name. How long to wait before coming back is the reader's own decision, not that of `retry`.
    return null;
  }

  #addData(value: string): void {
    this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    if (this.#data.length > LIMIT) throw new BrokenStream('An event of the stream is too long.');
  }

  #dispatch(): StreamedEvent | null {
    const event =
      this.#data === null ? null : { name: this.#name || 'message', data: this.#data, id: this.#id };
    this.#name = '';
    this.#data = null;
    this.#id = null;
    return event;
  }
}
