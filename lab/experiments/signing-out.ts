/**
 * How soon somebody who is logged out from elsewhere sees it: Chromium has the web console open, and its user logs out
 * everywhere on another device. With its socket open: whether the page is at its sign-in by itself, and when. With its
 * socket blocked: whether it is with its next request. One step per model and round: some 40 s in full mode, 6 s in
 * quick mode.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { PATIENCE_MS, startChromium } from '../harness/browser.js';
import { mutate } from '../harness/client.js';
import { type Bench, type Experiment, stepsOfModels } from '../harness/experiment.js';
import type { Model, Observation } from '../harness/observation.js';
import { type Server, startServer } from '../harness/server.js';

/** With the socket open, and with it blocked. */
const TIMES = { quick: [1, 1], full: [10, 3] } as const;
/** Several times as long as a page takes that is told, or that asks. */
const SOON_MS = 1_500;
const PERSON = { email: 'ada@example.test', password: 'quarry lantern osprey 58' };
/** As soon as it is drawn, by the clock that this process has, too. */
const AT_SIGN_IN = `new Promise((resolve) => {
  const look = () =>
    document.querySelector('h1')?.textContent === 'Sign in' ? resolve(Date.now()) : requestAnimationFrame(look);
  look();
})`;

export const experiment: Experiment = {
  name: 'signing-out',
  title: 'From a logout everywhere to the sign-in page',
  steps: (plan) => stepsOfModels(plan, measure),
};

async function measure(model: Model, round: number, { plan, folder, say }: Bench): Promise<Observation[]> {
  const browser = await startChromium();
  try {
    const server = await startServer({ model, folder });
    try {
      await mutate(server.url, 'register', PERSON);
      const observations: Observation[] = [];
      const [open, blocked] = TIMES[plan.mode];
      for (const [socket, times] of [[true, open] as const, [false, blocked] as const])
        for (let n = 0; n < times; n += 1) {
          say(`socket ${socket ? 'open' : 'blocked'}, ${n + 1} of ${times}`);
          const seen = await logOutElsewhere(browser, server, socket, model);
          observations.push(...seen.map((each) => ({ ...each, model, factors: { socket }, round })));
        }
      return observations;
    } finally {
      await server.end();
    }
  } finally {
    await browser.close();
  }
}

type Seen = Pick<Observation, 'metric' | 'unit' | 'value'>;

async function logOutElsewhere(
  browser: Browser,
  { url }: Server,
  socket: boolean,
  model: Model,
): Promise<Seen[]> {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    // Neither answered nor refused, as by a proxy that does not know what to do with it.
    if (!socket) await context.routeWebSocket('**/graphql', () => {});
    const page = await context.newPage();
    await page.goto(`${url}/console/`);
    await page.getByLabel('Email').fill(PERSON.email);
    await page.getByLabel('Password', { exact: true }).fill(PERSON.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor();
    // Where no device can be logged out from elsewhere, the console does not say whether it is told.
    if (socket && model !== 'stateless') await page.locator('.liveness--live').waitFor();
    const elsewhere = (await mutate(url, 'login', PERSON)).tokens?.accessToken ?? null;

    const gone = page.evaluate<number>(AT_SIGN_IN).catch(() => null);
    const soon = () => Promise.race([gone, pause(SOON_MS, null)]);
    const began = Date.now();
    await mutate(url, 'logoutAllDevices', {}, { bearer: elsewhere });
    const told = await soon();
    if (told !== null) return outcome('by itself', told - began);
    const asked = Date.now();
    await page.getByRole('link', { name: 'Activity' }).click();
    const noticed = await soon();
    return [
      ...outcome('by itself', null),
      ...outcome('with its next request', noticed === null ? null : noticed - asked),
    ];
  } finally {
    await context.close();
  }
}

function outcome(how: string, afterMs: number | null): Seen[] {
  return [
    { metric: `at sign-in ${how}`, unit: 'share', value: afterMs === null ? 0 : 1 },
    ...(afterMs === null ? [] : [{ metric: `${how} after`, unit: 'ms', value: afterMs }]),
  ];
}
