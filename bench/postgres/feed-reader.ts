/** Connections to a revocation feed that do as little as can be: whoever measures the sender must not be what is slow. */

import { get, type IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';

export interface FeedReader {
  close(): void;
}

/** Resolves once the feed has begun. `heard` is told of each event's data; without it nothing is parsed. */
export function follow(
  url: string,
  credential: string,
  heard: ((data: string) => void) | null = null,
): Promise<FeedReader> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${credential}`, accept: 'text/event-stream' };
    const request = get(`${url}/revocations`, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new Error(`the feed answered ${response.statusCode}`));
        return;
      }
      if (heard === null) response.resume();
      else parse(response, heard);
      response.on('error', () => {});
      resolve({ close: () => request.destroy() });
    });
    request.on('error', reject);
  });
}

function parse(response: IncomingMessage, heard: (data: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  response.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) heard(line.slice('data: '.length));
  });
}
