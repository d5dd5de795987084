/** The fetch that is handed to other GraphQL clients: to whom it shows the token, and what it sends twice. */

import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authorizedFetch, type SessionClient } from '../../../src/client/index.js';
import { PASSWORD } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { type Network, networkTo, signedInClient } from './world.js';

const VIEWER = JSON.stringify({ query: 'query Viewer { viewer { email } }' });
const POST = { method: 'POST', headers: { 'content-type': 'application/json' }, body: VIEWER };

let at: Loopback;
let network: Network;
let client: SessionClient;
let url: string;

beforeEach(async () => {
  at = await startLoopback();
  network = networkTo(at);
  client = await signedInClient(at, network);
  url = `${at.origin}/graphql`;
});
afterEach(() => at.stop());

describe('a request of one user', () => {
  it.each(['fetch', 'client.request'] as const)(
    'by %s that is refused after another has signed in is not repeated in the other’s name',
    async (by) => {
      await at.signedIn('ben@example.test');
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      let viewers = 0;
      const send: typeof fetch = async (input, init) => {
        if (!String(init?.body).includes('Viewer')) return network.fetch(input, init);
        viewers += 1;
        const response = await network.fetch(input, init);
        await held;
        return response;
      };
      const slow = await signedInClient(at, network, { fetch: send });
      const other = await at.signedIn('ada@example.test');
      await other.mutate('logoutAllDevices', { exceptCurrent: true });
      const pending =
        by === 'fetch'
          ? authorizedFetch(slow, { to: [url], fetch: send })(url, POST).then((response) => response.text())
          : slow.request('query Viewer { viewer { email } }', {}).then(JSON.stringify, String);
      await expect.poll(() => viewers).toBe(1);
      await slow.logout();
      await slow.login({ email: 'ben@example.test', password: PASSWORD });
      release();
      expect(await pending).not.toContain('ben@');
      expect(viewers).toBe(1);
    },
  );
});

describe('a request that is refused', () => {
  let sent: string[];
  let letGo: number;
  let fetching: typeof fetch;

  /** A service of somebody else's that takes every token but the first. */
  beforeEach(async () => {
    [sent, letGo] = [[], 0];
    const first = `Bearer ${await client.accessToken()}`;
    at.pass(10);
    const send: typeof fetch = async (_input, init) => {
      sent.push(await new Response(init?.body).text());
      if (new Headers(init?.headers).get('authorization') !== first) return new Response('taken');
      const cancel = () => {
        letGo += 1;
      };
      return new Response(new ReadableStream({ cancel }), { status: 401 });
    };
    fetching = authorizedFetch(client, { to: ['https://api.example.com'], fetch: send });
  });

  it('is sent once more with another token, and what the refusal said is let go', async () => {
    const response = await fetching('https://api.example.com/orders', { method: 'POST', body: 'one' });
    expect(await response.text()).toBe('taken');
    expect(sent).toEqual(['one', 'one']);
    expect(letGo).toBe(1);
  });

  it.each([null, undefined])(
    'is sent once more where it is a `Request` whose body is said to be %s',
    async (body) => {
      const request = new Request('https://api.example.com/orders');
      // Firefox says nothing of it.
      Object.defineProperty(request, 'body', { value: body });
      expect(await (await fetching(request)).text()).toBe('taken');
      expect(sent).toHaveLength(2);
    },
  );

  it.each([
    ['a stream', () => new Blob(['one']).stream()],
    ['a readable of Node.js', () => Readable.from(['one'])],
  ])('is not repeated where its body is %s, which can be sent but once', async (_, body) => {
    const init = { method: 'POST', body: body() as ReadableStream, duplex: 'half' } as RequestInit;
    const response = await fetching('https://api.example.com/orders', init);
    expect(response.status).toBe(401);
    expect(sent).toEqual(['one']);
    expect(letGo).toBe(0);
  });
});

describe('as fetch does, it', () => {
  it('rejects at once when it is aborted, though a refresh is waited for', async () => {
    at.pass(400);
    let letRefresh = () => {};
    const held = new Promise<void>((resolve) => {
      letRefresh = resolve;
    });
    const slow = await signedInClient(at, network, {
      timeout: 20,
      fetch: async (input, init) => {
        if (String(init?.body).includes('Refresh')) await held;
        return network.fetch(input, init);
      },
    });
    at.pass(400);
    let sent = 0;
    const send: typeof fetch = async (input, init) => {
      init?.signal?.throwIfAborted();
      sent += 1;
      return fetch(input, init);
    };
    const aborting = new AbortController();
    const pending = authorizedFetch(slow, { to: [url], fetch: send })(url, {
      ...POST,
      signal: aborting.signal,
    });
    aborting.abort(new Error('Enough.'));
    await expect(pending).rejects.toThrow('Enough.');
    letRefresh();
    await expect.poll(() => slow.accessTokenNow()).not.toBeNull();
    expect(sent).toBe(0);
  });

  it('resolves before the body has come, where that is a stream of many answers', async () => {
    const send: typeof fetch = async () =>
      new Response(new ReadableStream(), { headers: { 'content-type': 'application/json-seq' } });
    const response = await authorizedFetch(client, { to: [url], fetch: send })(url, POST);
    expect(response.bodyUsed).toBe(false);
  });
});

describe('where the token goes is judged once', () => {
  const OWN = 'https://api.example.com/';
  const sentTo = async (input: string | URL, after: () => void = () => {}) => {
    const shown: string[] = [];
    const send: typeof fetch = async (address, init) => {
      if (new Headers(init?.headers).has('authorization')) shown.push(String(address));
      return new Response('');
    };
    const pending = authorizedFetch(client, { to: [OWN], fetch: send })(input);
    after();
    await pending;
    return shown;
  };

  it('though the URL that it was asked for is changed while the token is waited for', async () => {
    const url = new URL('orders', OWN);
    const shown = await sentTo(url, () => {
      url.host = 'evil.example';
    });
    expect(shown).toEqual([`${OWN}orders`]);
  });

  it.each([
    ['https://evil.example/', OWN, []],
    [OWN, 'https://evil.example/', [`${OWN}orders`]],
  ])('on a page whose base is %s, at %s', async (baseURI, href, shown) => {
    Object.assign(globalThis, { document: { baseURI }, location: { href } });
    try {
      expect(await sentTo('orders')).toEqual(shown);
    } finally {
      for (const name of ['document', 'location']) delete (globalThis as Record<string, unknown>)[name];
    }
  });
});

describe('a request of another realm or library, which is no `Request` of here,', () => {
  const foreign = (url: string) =>
    ({ url, method: 'POST', headers: new Headers({ 'x-own': '1' }), body: {} }) as unknown as Request;

  it.each([
    ['https://api.example.com/orders', 'Bearer'],
    ['https://elsewhere.example/orders', undefined],
  ])('is judged by its address and sent as it is: %s', async (address, scheme) => {
    const sent: [unknown, Headers | null][] = [];
    const send: typeof fetch = async (what, init) => {
      sent.push([what, init?.headers ? new Headers(init.headers) : null]);
      return new Response('', { status: 401 });
    };
    const request = foreign(address);
    await authorizedFetch(client, { to: ['https://api.example.com'], fetch: send })(request);
    expect(sent.map(([what]) => what)).toEqual([request]);
    const [[, headers] = []] = sent;
    expect(headers?.get('authorization')?.split(' ')[0]).toBe(scheme);
    expect(headers?.get('x-own')).toBe(scheme && '1');
  });
});

describe('the token', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com/orders', true],
    ['https://api.example.com', 'https://api.example.com:443/', true],
    ['https://api.example.com/v1', 'https://api.example.com/v1', true],
    ['https://api.example.com/v1', 'https://api.example.com/v1?x=1', true],
    ['https://api.example.com/v1', 'https://api.example.com/v1/../v2', false],
    ['https://api.example.com/v1', 'https://api.example.com/v10', false],
    ['https://api.example.com', 'https://api.example.com.evil.example/', false],
    ['https://api.example.com', 'https://api.example.com@evil.example/', false],
    ['https://api.example.com', 'http://api.example.com/', false],
    ['https://api.example.com', 'https://api.example.com:8443/', false],
  ])('with `to: %s` goes to %s: %s', async (to, address, shown) => {
    let header: string | null = null;
    const send: typeof fetch = async (_input, init) => {
      header = new Headers(init?.headers).get('authorization');
      return new Response('');
    };
    await authorizedFetch(client, { to: [to], fetch: send })(address);
    expect(header !== null).toBe(shown);
  });
});
