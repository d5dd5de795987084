/**
 * A TLS front before the real server, as a deployment has one: `/graphql` and the like of the server's own host are passed
 * on, every other host of the front serves an empty page from which an experiment acts. It writes down what passed, so
 * that an experiment knows what a browser really sent and what the server really answered.
 */

import { type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { createServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { selfSigned } from './certificate.js';

/** One request that reached the server, with its answer. */
export interface Passed {
  readonly method: string;
  readonly url: string;
  readonly origin: string | null;
  readonly referer: string | null;
  readonly cookie: string | null;
  readonly authorization: string | null;
  readonly status: number;
  /** `Access-Control-Allow-Origin` of the answer. */
  readonly permitted: string | null;
  readonly location: string | null;
  readonly setCookies: readonly string[];
  readonly body: string;
}

export interface Front {
  /** One for each port asked for. */
  readonly ports: readonly number[];
  readonly passed: readonly Passed[];
  /** To which server what comes for `host` is passed on. */
  serve(host: string, url: string): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  end(): Promise<void>;
}

/** Whatever a page links to learns the page's whole address: the worst that a page's author could choose. */
const PAGE_HEADERS = { 'content-type': 'text/html; charset=utf-8', 'referrer-policy': 'unsafe-url' };
const PAGE_PATH = '/page';
const SETTLED_POLL_MS = 5;

export async function startFront(name: string, ports: number): Promise<Front> {
  const passed: Passed[] = [];
  let underWay = 0;
  let server: { host: string; url: string } | null = null;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host = '', ...headers } = request.headers;
    const [path] = (request.url ?? '').split('?', 1);
    if (server === null || path === PAGE_PATH || host.split(':', 1)[0] !== server.host) {
      response.writeHead(path === PAGE_PATH ? 200 : 404, PAGE_HEADERS);
      response.end('<!doctype html><title>A page</title><link rel="icon" href="data:,">');
      return;
    }
    underWay += 1;
    try {
      const sent = await buffer(request);
      const {
        status,
        headers: answered,
        body,
      } = await passOn(server.url, request, { ...headers, host }, sent);
      passed.push({
        method: request.method ?? '',
        url: `https://${host}${request.url}`,
        origin: headers.origin ?? null,
        referer: headers.referer ?? null,
        cookie: headers.cookie ?? null,
        authorization: headers.authorization ?? null,
        status,
        permitted: answered['access-control-allow-origin'] ?? null,
        location: answered.location ?? null,
        setCookies: answered['set-cookie'] ?? [],
        body: body.toString(),
      });
      response.writeHead(status, answered).end(body);
    } finally {
      underWay -= 1;
    }
  }

  const certificate = selfSigned(name);
  const listeners = await Promise.all(
    Array.from({ length: ports }, () =>
      listen(certificate, (request, response) => answer(request, response).catch(() => response.destroy())),
    ),
  );
  return {
    ports: listeners.map((listener) => (listener.address() as AddressInfo).port),
    passed,
    serve: (host, url) => {
      server = { host, url };
    },
    settled: async () => {
      do await new Promise((resolve) => setTimeout(resolve, SETTLED_POLL_MS));
      while (underWay > 0);
    },
    end: async () => {
      await Promise.all(
        listeners.map((listener) => {
          listener.closeAllConnections();
          return new Promise((resolve) => listener.close(resolve));
        }),
      );
    },
  };
}

function listen(
  certificate: { key: string; cert: string },
  handler: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>,
): Promise<HttpsServer> {
  const listener = createServer(certificate, (request, response) => void handler(request, response));
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => resolve(listener));
  });
}

/** The request as it came, `Host` included: the server must see the name that the browser used. */
async function passOn(
  url: string,
  { method, url: path }: IncomingMessage,
  headers: IncomingMessage['headers'],
  body: Buffer,
): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
  const { hostname, port } = new URL(url);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    requestHttp({ hostname, port, method, path, headers }, resolve).once('error', reject).end(body);
  });
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
}
