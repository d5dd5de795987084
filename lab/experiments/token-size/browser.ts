/** The largest cookie that real Chromium keeps and sends back, name and value together, by setting it and asking. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startChromium } from '../../harness/browser.js';
import type { Bench } from '../../harness/experiment.js';
import type { Observation } from '../../harness/observation.js';
import { largest } from './limits.js';

const NAME = '__Host-counterfoil';

export async function measureBrowser({ say }: Bench): Promise<Observation[]> {
  say('starting Chromium');
  const server = createServer((request, response) => {
    const [, size] = /^\/set\/(\d+)$/.exec(request.url ?? '') ?? [];
    if (size !== undefined) {
      const value = 'x'.repeat(Number(size) - NAME.length);
      response.setHeader('set-cookie', `${NAME}=${value}; Path=/; Secure; HttpOnly; SameSite=Strict`);
    }
    response.setHeader('content-type', 'text/plain');
    response.end(String(request.headers.cookie?.length ?? 0));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  // A name that browsers trust without TLS, or they would not keep a Secure cookie.
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const browser = await startChromium();
  try {
    const comesBack = async (size: number): Promise<boolean> => {
      // A context of its own, so that a cookie that was kept before is none that is kept now.
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(`${url}/set/${size}`);
        await page.goto(`${url}/`);
        // The header has an equals sign besides.
        return (await page.textContent('body')) === String(size + 1);
      } finally {
        await context.close();
      }
    };
    const value = await largest(comesBack, NAME.length, 8192);
    return [
      {
        metric: 'largest cookie',
        unit: 'bytes',
        model: null,
        factors: { where: 'Chromium' },
        round: 0,
        value,
      },
    ];
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}
