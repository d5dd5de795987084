/**
 * A whole site for experiments in a browser: the real server behind TLS under a name of its own, pages under other names,
 * and Chromium, which takes all of them for what they say they are. Ends as one.
 */

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PATIENCE_MS, startChromium } from './browser.js';
import { mutate } from './client.js';
import { type Front, startFront } from './front.js';
import type { Model } from './observation.js';
import { type Server, startServer } from './server.js';

export const SERVER_HOST = 'auth.example.test';
export const COOKIE = '__Host-counterfoil';
const PASSWORD = 'quarry lantern osprey 58';

export interface SiteOptions {
  readonly model: Model;
  readonly folder: string;
  /** How many ports the front has; the server's issuer is its host at the first. */
  readonly ports: number;
  /** Origins for `COUNTERFOIL_ALLOWED_ORIGINS`, of the front's ports. */
  readonly allowed: (ports: readonly number[]) => readonly string[];
  readonly logLevel?: string;
}

export interface Site {
  readonly front: Front;
  readonly server: Server;
  readonly browser: Browser;
  /** The server's origin, which is its issuer. */
  readonly origin: string;
  readonly graphql: string;
  /** What the server has logged so far. */
  log(): string;
  end(): Promise<void>;
}

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  /** What registering brought. */
  readonly issued: readonly string[];
}

export async function startSite({ model, folder, ports, allowed, logLevel }: SiteOptions): Promise<Site> {
  const front = await startFront(SERVER_HOST, ports);
  const origin = `https://${SERVER_HOST}:${front.ports[0]}`;
  const logged: string[] = [];
  const environment = {
    COUNTERFOIL_ISSUER: origin,
    COUNTERFOIL_ALLOWED_ORIGINS: allowed(front.ports).join(','),
    ...(logLevel === undefined ? {} : { LOG_LEVEL: logLevel }),
  };
  const started = await Promise.allSettled([
    startServer({ model, folder, environment, onLog: (text) => logged.push(text) }),
    startChromium(),
  ]);
  const [server, browser] = started.map((one) => (one.status === 'fulfilled' ? one.value : null)) as [
    Server | null,
    Browser | null,
  ];
  const end = async () => {
    await browser?.close();
    await server?.end();
    await front.end();
  };
  if (server === null || browser === null) {
    await end();
    throw started.find((one) => one.status === 'rejected')?.reason;
  }
  front.serve(SERVER_HOST, server.url);
  return { front, server, browser, origin, graphql: `${origin}/graphql`, log: () => logged.join(''), end };
}

export async function newPerson({ server }: Site, name: string): Promise<Person> {
  const email = `${name}@example.test`;
  const input = { email, password: PASSWORD, delivery: 'BODY' };
  const { viewer, tokens, __typename } = await mutate(server.url, 'register', input);
  if (viewer === undefined) throw new Error(`register: ${__typename}`);
  const issued = [tokens?.accessToken, tokens?.refreshToken].filter((token) => typeof token === 'string');
  return { id: viewer.id, email, password: PASSWORD, issued };
}

/** A browser profile with nothing in it. */
export async function freshProfile({ browser }: Site): Promise<BrowserContext> {
  const profile = await browser.newContext({ ignoreHTTPSErrors: true });
  profile.setDefaultTimeout(PATIENCE_MS);
  return profile;
}

export async function openPage(profile: BrowserContext, origin: string, query = ''): Promise<Page> {
  const page = await profile.newPage();
  await page.goto(`${origin}/page${query}`);
  return page;
}

/** The value of the server's cookie in a profile; null where there is none. */
export async function cookieIn(profile: BrowserContext, { origin }: Site): Promise<string | null> {
  const cookies = await profile.cookies(origin);
  return cookies.find(({ name }) => name === COOKIE)?.value || null;
}
