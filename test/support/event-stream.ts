/** Listens to a subscription over the network, as server-sent events. */

import { request } from 'node:http';

export interface HeardEvent {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

export interface Heard {
  /** The next event that fits, of those that came and of those to come. */
  next(fits: (event: HeardEvent) => boolean): Promise<HeardEvent>;
  stop(): Promise<void>;
}

/** Resolves once the stream is open. `query` subscribes to one field. */
export async function hear(url: string, query: string, accessToken: string): Promise<Heard> {
  const gone = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${accessToken}`,
    },
    body: JSON.stringify({ query }),
    signal: gone.signal,
  });
  if (response.body === null || !response.ok) throw new Error(`The stream came to ${response.status}.`);
  const events = eventsOf(response.body);
  return {
    async next(fits) {
      for (;;) {
        const { value, done } = await events.next();
        if (done === true) throw new Error('The stream ended before that event.');
        if (fits(value)) return value;
      }
    },
    stop: async () => {
      gone.abort();
      await events.return(undefined).catch(() => {});
    },
  };
}

export interface OpenStream {
  readonly status: number;
  readonly events: readonly HeardEvent[];
  /** Comments so far, by which a server keeps a connection open over which it has nothing to tell. */
  readonly beats: () => number;
  /** Resolves when the connection is over, however it ended. */
  readonly closed: Promise<void>;
  /** Reads no more. */
  stall(): void;
  close(): void;
}

/** Over a connection of its own. Resolves once there is an answer, whatever its status. */
export function openStream(url: string, query: string, accessToken: string): Promise<OpenStream> {
  const headers = {
    accept: 'text/event-stream',
    'content-type': 'application/json',
    authorization: `Bearer ${accessToken}`,
  };
  return new Promise((resolve, reject) => {
    const asking = request(`${url}/graphql`, { method: 'POST', headers, agent: false }, (response) => {
      const events: HeardEvent[] = [];
      let [beats, rest] = [0, ''];
      response.setEncoding('utf8').on('data', (text: string) => {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        beats += blocks.filter((block) => block.startsWith(':')).length;
        events.push(...blocks.flatMap(eventOf));
      });
      response.on('error', () => {});
      resolve({
        status: response.statusCode ?? 0,
        events,
        beats: () => beats,
        closed: new Promise((over) => response.once('close', over)),
        stall: () => void response.pause(),
        close: () => void asking.destroy(),
      });
    });
    asking.on('error', reject);
    asking.end(JSON.stringify({ query }));
  });
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<HeardEvent, undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      yield* eventOf(block);
    }
  }
}

/** What a block of a stream tells: one event, or none. */
function eventOf(block: string): HeardEvent[] {
  const data = /^data: ?(.+)$/m.exec(block)?.[1];
  const payload = data === undefined ? null : (JSON.parse(data) as { data?: Record<string, HeardEvent> });
  return Object.values(payload?.data ?? {}).slice(0, 1);
}
