/** Listens to a subscription over the network, as server-sent events. */

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

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<HeardEvent, undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: ?(.+)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      const payload = data === undefined ? null : (JSON.parse(data) as { data?: Record<string, HeardEvent> });
      const [event] = Object.values(payload?.data ?? {});
      if (event !== undefined) yield event;
    }
  }
}
