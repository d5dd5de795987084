/** A server whose limits on listening clients are small enough to meet. */

import type { AddressInfo } from 'node:net';
import { PUSH_LIMITS, type PushLimits } from '../../../src/http/push-limits.js';
import { createServer } from '../../../src/http/server.js';
import { startCounterfoil, type TestOptions } from '../../support/counterfoil.js';

export async function startPushing(limits: Partial<PushLimits> = {}, options: TestOptions = {}) {
  const counterfoil = await startCounterfoil(options);
  const pushLimits = { ...PUSH_LIMITS, ...limits };
  const server = await createServer(counterfoil.schema, { ...counterfoil.app.http, pushLimits });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  return {
    counterfoil,
    app: counterfoil.app,
    clock: counterfoil.clock,
    port,
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      await server.close();
      await counterfoil.stop();
    },
  };
}
