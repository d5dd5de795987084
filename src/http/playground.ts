/**
 * The playground at `/graphql`, for a browser that navigates there: GraphiQL, self-contained, under a policy that lets it
 * talk to this server and to nobody else. Off where it would be reachable from elsewhere, unless it was asked for.
 */

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpOptions } from './parts.js';

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

const EXAMPLE = `# Counterfoil's playground. Pick an operation with the play button.
#
# Register signs you in. Copy the access token of the answer into the headers below
# as { "Authorization": "Bearer …" } and run Devices.

mutation Register {
  register(
    input: {
      email: "ada@example.com"
      password: "violet tram uphill 27"
      name: "Ada"
      deviceName: "Playground"
      delivery: COOKIE
    }
  ) {
    __typename
    ... on RegisterSuccess {
      viewer { id email }
      tokens { accessToken accessTokenExpiresAt }
    }
    ... on UserError { message }
  }
}

mutation Login {
  login(
    input: { email: "ada@example.com", password: "violet tram uphill 27", deviceName: "Second device", delivery: COOKIE }
  ) {
    __typename
    ... on LoginSuccess { tokens { accessToken accessTokenExpiresAt } }
    ... on UserError { message }
  }
}

mutation Refresh {
  refresh(input: {}) {
    __typename
    ... on RefreshSuccess { tokens { accessToken accessTokenExpiresAt } }
    ... on UserError { message }
  }
}

query Devices {
  viewer {
    email
    sessions { edges { node { id deviceName clientLabel lastSeenAt current } } }
  }
}

mutation LogoutEverywhere {
  logoutAllDevices(input: { exceptCurrent: false }) {
    ... on LogoutAllDevicesSuccess { sessionsEnded accessTokensDeadBy }
  }
}
`;

interface Page {
  readonly html: Buffer;
  readonly policy: string;
}

let page: Promise<Page> | null = null;

/** Whether this request is a browser opening the playground, and may. */
export function wantsPlayground({ method, headers, url }: FastifyRequest, options: HttpOptions): boolean {
  if (!options.playground || method !== 'GET' || url.includes('query=')) return false;
  if (options.playgroundIsLocal && !LOOPBACK_HOST.test(headers.host ?? '')) return false;
  return headers.accept?.includes('text/html') ?? false;
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

/** Loaded at the first visit: the page weighs 9 MB, which a server that never shows it need not hold. */
async function renderPage(): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    title: 'Counterfoil',
    endpoint: '/graphql',
    credentials: 'same-origin',
    shouldPersistHeaders: true,
    defaultQuery: EXAMPLE,
    headers: '{\n  "Authorization": ""\n}',
  });
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
