/** `sessionEvents` as server-sent events, with the client of graphql-sse: the same news, for those who have no WebSocket. */

import { createClient } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { SESSION_EVENTS, type SessionEventView } from '../../support/socket.js';

let at: Loopback;
let disposals: (() => void)[] = [];

beforeEach(async () => {
  at = await startLoopback();
  disposals = [];
});
afterEach(async () => {
  for (const dispose of disposals) dispose();
  await at.stop();
});

async function following(client: Client) {
  const events: SessionEventView[] = [];
  const ends: unknown[] = [];
  const sse = createClient({
    url: `${at.origin}/graphql`,
    headers: { authorization: `Bearer ${client.accessToken}` },
    retryAttempts: 0,
  });
  disposals.push(() => sse.dispose());
  await new Promise<void>((resolve) => {
    sse.subscribe<{ sessionEvents: SessionEventView }>(
      { query: SESSION_EVENTS },
      {
        next: ({ data }) => void (data && events.push(data.sessionEvents)),
        error: (fault) => ends.push(fault),
        complete: () => ends.push('complete'),
      },
    );
    setTimeout(resolve, 200);
  });
  return { events, ends };
}

const post = (query: string, headers: Record<string, string> = {}) =>
  at.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query }),
  });
const bearer = (client: Client) => ({ authorization: `Bearer ${client.accessToken}` });

describe('an event stream', () => {
  it('tells what a socket tells, and is complete when the session is over', async () => {
    const [one, two] = [await at.signedIn('ada@example.test'), await at.signedIn('ada@example.test')];
    const [here, there] = [await following(one), await following(two)];
    const sessionId = (await two.read<{ id: string }>('{ session { id } }')).id;
    await one.mutate('logoutDevice', { sessionId });
    await expect.poll(() => there.ends).toEqual(['complete']);
    const told = { __typename: 'SessionEndedEvent', sessionId, reason: 'LOGOUT_DEVICE' };
    expect(there.events).toMatchObject([{ ...told, current: true }]);
    await expect.poll(() => here.events).toMatchObject([{ ...told, current: false }]);
    expect(here.ends).toEqual([]);
  });

  it('is complete when its token has expired, for its client to come back with another', async () => {
    const client = await at.signedIn('ada@example.test');
    const first = await following(client);
    at.pass(290);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(first.ends).toEqual([]);
    at.pass(11);
    await expect.poll(() => first.ends, { timeout: 5_000 }).toEqual(['complete']);
    await client.refresh();
    const second = await following(client);
    await at.signedIn('ada@example.test');
    await expect
      .poll(() => second.events.map(({ __typename }) => __typename))
      .toEqual(['DeviceSignedInEvent']);
  });

  it('may not be stored or held back, and is for this origin', async () => {
    const client = await at.signedIn('ada@example.test');
    const controller = new AbortController();
    const response = await fetch(`${at.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(client) },
      body: JSON.stringify({ query: SESSION_EVENTS }),
      signal: controller.signal,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    controller.abort();
    const foreign = await post(SESSION_EVENTS, { ...bearer(client), origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
  });

  it('says by its status what a client has to do', async () => {
    const client = await at.signedIn('ada@example.test');
    const codeOf = async (response: Response) => {
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
      return [response.status, errors[0]?.extensions.code];
    };
    expect(await codeOf(await post(SESSION_EVENTS))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codeOf(await post('{ viewer { id } }', bearer(client)))).toEqual([
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ]);
    expect(await codeOf(await post('subscription {', bearer(client)))).toEqual([400, 'GRAPHQL_PARSE_FAILED']);
    expect(await codeOf(await post('subscription { nothing }', bearer(client)))).toEqual([
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    at.pass(400);
    expect(await codeOf(await post(SESSION_EVENTS, bearer(client)))).toEqual([401, 'UNAUTHENTICATED']);
  });
});

it('a client that would take a stream as well as JSON is answered in JSON, whatever it asks', async () => {
  const client = await at.signedIn('ada@example.test');
  const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';
  const response = await at.post('{ viewer { email } }', {}, { ...bearer(client), accept });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ data: { viewer: { email: 'ada@example.test' } } });
});

it('a client that goes away before the stream begins keeps no place', async () => {
  const client = await at.signedIn('ada@example.test');
  for (let n = 0; n < 60; n += 1) {
    const controller = new AbortController();
    const request = fetch(`${at.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(client) },
      body: JSON.stringify({ query: SESSION_EVENTS }),
      signal: controller.signal,
    }).catch(() => null);
    setTimeout(() => controller.abort(), n % 7);
    await request;
  }
  await expect.poll(() => at.counterfoil.app.http.push.figures()).toMatchObject({ listeners: 0, watched: 0 });
  const { ends } = await following(client);
  expect(ends).toEqual([]);
});

it('a subscription by an ordinary POST is told where to go', async () => {
  const client = await at.signedIn('ada@example.test');
  const response = await at.post(SESSION_EVENTS, {}, bearer(client));
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('text/event-stream');
});
