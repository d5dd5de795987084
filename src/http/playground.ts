/**
 * The playground at `/graphql`, for a browser that navigates there: GraphiQL, self-contained, under a policy that lets it
 * talk to this server and to nobody else. Off where it would be reachable from elsewhere, unless it was asked for.
 */

import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REFRESH_COOKIE } from './credentials.js';
import type { HttpOptions } from './parts.js';
import { isForwarded } from './peer.js';
import { EXAMPLE_HEADERS, EXAMPLE_TABS } from './playground-example.js';
import { BEFORE_GRAPHIQL, COOKIE_CAME } from './playground-session.js';

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** What a request by GET has in its address (GraphQL over HTTP); and `headers`, which older pages of GraphiQL read. */
const OF_A_REQUEST = ['query', 'variables', 'operationName', 'extensions', 'headers'];

interface Page {
  readonly html: Buffer;
  readonly policy: string;
}

let page: Promise<Page> | null = null;

/** Whether this request is a browser opening the playground, and may. */
export function wantsPlayground(request: FastifyRequest, options: HttpOptions): boolean {
  const { method, headers, url } = request;
  if (!options.playground || method !== 'GET' || isOperation(url)) return false;
  if (options.playgroundIsLocal && (isForwarded(request) || !LOOPBACK_HOST.test(headers.host ?? '')))
    return false;
  return headers.accept?.includes('text/html') ?? false;
}

/** By the names as they are read, however they are spelt. */
function isOperation(url: string): boolean {
  const { searchParams } = new URL(url, 'http://localhost');
  return OF_A_REQUEST.some((name) => searchParams.has(name));
}

/** A page cannot see whether an answer brought a cookie that is out of its reach. */
export function tellOfCookies(scope: FastifyInstance): void {
  const kept = new RegExp(`^${REFRESH_COOKIE}=[^;]`);
  scope.addHook('onSend', async (_request, reply) => {
    const cookies = [reply.getHeader('set-cookie') ?? []].flat().map(String);
    if (cookies.some((cookie) => kept.test(cookie))) reply.header(COOKIE_CAME, '1');
  });
}

export async function sendPlayground(reply: FastifyReply): Promise<void> {
  page ??= renderPage();
  const { html, policy } = await page;
  reply
    .header('content-security-policy', policy)
    .header('cross-origin-opener-policy', 'same-origin')
    .type('text/html; charset=utf-8')
    .send(html);
}

/**
 * GraphiQL fills its editor from the address, so that a link could lay an operation under the play button of whoever
 * is signed in. Whatever the server let through: there is nothing in the address when GraphiQL looks.
 */
const NOTHING_FROM_THE_ADDRESS = `
        history.replaceState(null, '', location.origin + location.pathname);`;

/**
 * Runs before GraphiQL, which after a reload looks for the tab whose contents equal what was typed last, and opens an
 * empty one where nothing was typed. This tells it the contents of the tab that was open.
 */
const REOPEN_TAB = `
        try {
          const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState'));
          for (const part of ['query', 'variables', 'headers']) {
            const text = tabs[activeTabIndex][part];
            if (text) localStorage.setItem('graphiql:' + part, text);
            else localStorage.removeItem('graphiql:' + part);
          }
        } catch {
          // The first visit.
        }`;

/** The page would write the document, passwords included, into its address on every key; this tells it not to. */
const NOTHING_INTO_THE_ADDRESS = { onEditQuery: null };

/** Loaded at the first visit: the page weighs 9 MB, which a server that never shows it need not hold. */
async function renderPage(): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const rendered = renderGraphiQL({
    title: 'Counterfoil',
    endpoint: '/graphql',
    credentials: 'same-origin',
    shouldPersistHeaders: true,
    defaultTabs: EXAMPLE_TABS.map((tab) => ({ ...tab })),
    defaultHeaders: EXAMPLE_HEADERS,
    defaultEditorToolsVisibility: 'headers',
    ...NOTHING_INTO_THE_ADDRESS,
  });
  const html = rendered.replace(
    '<script>',
    () => `<script>${NOTHING_FROM_THE_ADDRESS}${REOPEN_TAB}${BEFORE_GRAPHIQL}`,
  );
  const script = html.slice(html.indexOf('<script>') + '<script>'.length, html.lastIndexOf('</script>'));
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    'worker-src blob:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
  return { html: Buffer.from(html), policy };
}
