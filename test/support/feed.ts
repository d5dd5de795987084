/** A reader of the revocation feed over a real connection, which keeps everything that it hears, in order. */

import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { createVerifier } from '../../src/account/verifiers.js';
import type { App } from '../../src/app.js';
import { type FeedEvent, readFeedEvent } from '../../src/revocation/feed-events.js';

const NOBODY = { userId: null, caller: { ipAddress: null, clientLabel: null } };

export async function newVerifier(app: App, name = 'a service') {
  const created = await createVerifier(app.parts, { name }, NOBODY);
  if (created.kind !== 'created') throw new Error('The verifier could not be made.');
  const { verifier, credential } = created;
  const basic = `Basic ${Buffer.from(`${verifier.id}:${credential}`).toString('base64')}`;
  return { verifier, credential, basic, bearer: `Bearer ${credential}` };
}

export interface FeedReader {
  readonly response: IncomingMessage;
  readonly events: FeedEvent[];
  /** Where to resume. */
  lastEventId: string | null;
  /** Resolves when the connection is over, however it ended. */
  readonly closed: Promise<void>;
  close(): void;
}

/** What the events tell of sessions, in order. */
export function endedSessions(events: readonly FeedEvent[]): string[] {
  return events.flatMap((event) =>
    event.kind === 'revocation' && event.entry.revocation.kind === 'session-ended'
      ? [event.entry.revocation.sessionId]
      : [],
  );
}

export function followFeed(
  port: number,
  authorization: string,
  lastEventId: string | null = null,
  onEvent: (event: FeedEvent) => void = () => {},
): Promise<FeedReader> {
  const headers = {
    authorization,
    ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
  };
  return new Promise((resolve, reject) => {
    const request: ClientRequest = get(
      { host: '127.0.0.1', port, path: '/revocations', headers, agent: false },
      (response) => {
        const closed = new Promise<void>((over) => response.on('close', over));
        const reader: FeedReader = {
          response,
          events: [],
          lastEventId,
          closed,
          close: () => request.destroy(),
        };
        let rest = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          const blocks = (rest + text).split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) take(reader, block, onEvent);
        });
        response.on('error', () => {});
        resolve(reader);
      },
    );
    request.on('error', reject);
  });
}

function take(reader: FeedReader, block: string, onEvent: (event: FeedEvent) => void): void {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const id = fields.get('id') ?? null;
  if (id !== null) reader.lastEventId = id;
  const event = readFeedEvent(fields.get('event') ?? '', id, fields.get('data') ?? '');
  if (event === null) return;
  reader.events.push(event);
  onEvent(event);
}
