/** One request of a program, not of a browser, through the front: so that it passes where everything else passes. */

import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { PageAnswer } from './browser.js';

export interface ProgramRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Names under `.test` are this machine for programs, too. Rejects where no whole answer came back. */
export async function sendThrough({
  url,
  method = 'GET',
  headers = {},
  body,
}: ProgramRequest): Promise<PageAnswer> {
  const { host, hostname, port, pathname, search } = new URL(url);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        servername: hostname,
        rejectUnauthorized: false,
        method,
        path: `${pathname}${search}`,
        headers: { ...headers, host },
      },
      resolve,
    );
    sent.once('error', reject).end(body);
  });
  return { kind: 'answer', status: answer.statusCode ?? 0, text: await text(answer) };
}
