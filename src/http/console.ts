/**
 * The web console at `/console/`: the files that the build left in `dist/console`, under a policy that lets them talk to
 * this server and to nobody else. Files are read once, at the first visit, and answered out of a map by their names, so
 * that no path of a request ever reaches the disk.
 */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../system/log.js';
import { refusalFor } from './refusal.js';
import { isKnown } from './tags.js';

/** Built code lies flat in `dist/`. Where this runs from source there is nothing here, and the console is not found. */
const BUILT = join(import.meta.dirname, 'console');
const PAGE = 'index.html';
/** With whatever query. */
const PATH_OF_PAGE = /^[^?]*\/(\?|$)/;
const SECONDS_OF_A_YEAR = 31_536_000;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};
/** In the order in which they are preferred, with how the build calls the compressed copy. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  // No text becomes code or markup, whatever a dependency tries (Trusted Types).
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

interface ConsoleFile {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  /** By content coding. */
  readonly packed: ReadonlyMap<string, Buffer>;
}
type Files = ReadonlyMap<string, ConsoleFile>;
const NO_FILES: Files = new Map();

/** Relative redirects and addresses hold under whatever prefix a proxy or an embedding server puts before this. */
export function consoleRoutes(
  fastify: FastifyInstance,
  { log }: { readonly log: Log },
  folder = BUILT,
): void {
  let reading: Promise<Files> | null = null;
  let toldOf = false;
  const files = (): Promise<Files> => {
    reading ??= readFiles(folder).catch((err: unknown) => {
      // What was not there may come yet: each request looks again, and the first says so.
      reading = null;
      if (!toldOf) log.error({ event: 'console.missing', err }, 'the console cannot be read: npm run build');
      toldOf = true;
      return NO_FILES;
    });
    return reading;
  };

  async function answerPage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    // A server that takes both addresses for one has one route for them.
    if (!PATH_OF_PAGE.test(request.url)) return redirectToConsole(reply);
    const page = (await files()).get(PAGE);
    reply.header('cache-control', 'no-cache').header('cross-origin-opener-policy', 'same-origin');
    return page === undefined ? notFound(reply) : send(request, reply.header(...policy()), page);
  }

  fastify.get('/console/', answerPage);
  if (!fastify.hasRoute({ method: 'GET', url: `${fastify.prefix}/console` }))
    fastify.get('/console', answerPage);
  fastify.get<{ Params: { name: string } }>('/console/assets/:name', async (request, reply) => {
    const asset = (await files()).get(`assets/${request.params.name}`);
    if (asset === undefined) return notFound(reply);
    // Its name changes with what is in it.
    reply.header('cache-control', `public, max-age=${SECONDS_OF_A_YEAR}, immutable`);
    return send(request, reply, asset);
  });
}

/** Written by hand: the framework would make an absolute address of it, without the prefix of a proxy. */
export function redirectToConsole(reply: FastifyReply): FastifyReply {
  return reply.code(302).header('cache-control', 'no-store').header('location', 'console/').send();
}

function policy(): [string, string] {
  return ['content-security-policy', POLICY];
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).header('cache-control', 'no-store').send(refusalFor(404));
}

function send(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply {
  reply.header('etag', file.etag).header('vary', 'Accept-Encoding').type(file.type);
  if (isKnown(request.headers['if-none-match'], file.etag)) return reply.code(304).send();
  const coding = codingFor(request.headers['accept-encoding'], file);
  if (coding !== null) reply.header('content-encoding', coding);
  return reply.send(coding === null ? file.plain : file.packed.get(coding));
}

/** RFC 9110 §12.5.3, as far as browsers use it: a list of names, each perhaps with a weight. */
function codingFor(header: string | undefined, { packed }: ConsoleFile): string | null {
  const accepted = (header ?? '').split(',').filter((part) => !/;\s*q=0(\.0*)?\s*$/i.test(part));
  const names = accepted.map((part) => part.split(';', 1)[0]?.trim().toLowerCase());
  return ENCODINGS.find(([coding]) => packed.has(coding) && names.includes(coding))?.[0] ?? null;
}

/** Rejects where there is no page. */
async function readFiles(folder: string): Promise<Files> {
  const assets = await readdir(join(folder, 'assets'));
  const names = [PAGE, ...assets.filter((name) => extname(name) in TYPES)];
  const paths = names.map((name) => (name === PAGE ? name : `assets/${name}`));
  const read = paths.map(async (path) => [path, await readOne(join(folder, path))] as const);
  return new Map(await Promise.all(read));
}

async function readOne(path: string): Promise<ConsoleFile> {
  const plain = await readFile(path);
  const packed = new Map<string, Buffer>();
  for (const [coding, suffix] of ENCODINGS) {
    const copy = await readFile(`${path}${suffix}`).catch(() => null);
    if (copy !== null) packed.set(coding, copy);
  }
  const etag = `W/"${createHash('sha256').update(plain).digest('base64url')}"`;
  return { plain, packed, etag, type: TYPES[extname(path)] ?? 'application/octet-stream' };
}
