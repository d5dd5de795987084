/**
 * Revocation: from the answer to a logout until the session's access token is refused, at the process that answered and
 * at another one on the same database. A lag is counted to the moment the refusal has arrived, so it is never too short.
 */

import { logout, whoIs } from '../../lab/harness/client.js';
import { startServer } from '../../lab/harness/server.js';
import { quantile } from '../../lab/harness/statistics.js';
import type { Figure, Measure } from '../measure.js';
import { login, register } from '../signed-in.js';

const REFUSED = 'UNAUTHENTICATED';
const GIVE_UP_MS = 30_000;

export const revocation: Measure = {
  name: 'revocation',
  async run({ plan, folder, say, later }) {
    const here = await startServer({ model: 'hybrid', folder });
    later(() => here.end());
    const elsewhere = await startServer({ model: 'hybrid', folder });
    later(() => elsewhere.end());
    const { email } = await register(here.url, 'user@example.test');

    const once = async () => {
      const { accessToken: bearer } = await login(here.url, email);
      if ((await whoIs(elsewhere.url, { bearer })) === REFUSED) throw new Error('a new token was refused');
      await logout(here.url, { bearer });
      const since = performance.now();
      const [accepted, lag] = await Promise.all([
        whoIs(here.url, { bearer }).then((answer) => answer !== REFUSED),
        untilRefused(elsewhere.url, bearer, since),
      ]);
      return { accepted, lag };
    };
    const logouts = plan.quick ? 20 : 100;
    const figures: Figure[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1}`);
      let accepted = 0;
      const lags: number[] = [];
      for (let times = 0; times < logouts; times++) {
        const seen = await once();
        accepted += seen.accepted ? 1 : 0;
        lags.push(seen.lag);
      }
      lags.sort((a, b) => a - b);
      const counted = { what: 'logouts', value: logouts, unit: '' };
      figures.push(
        { budget: 'revocation-here', round, value: accepted, parts: [counted] },
        {
          budget: 'revocation-elsewhere',
          round,
          value: quantile(lags, 0.99),
          parts: [
            counted,
            { what: 'lag, median', value: quantile(lags, 0.5), unit: 'ms' },
            { what: 'lag, longest', value: lags.at(-1) ?? Number.NaN, unit: 'ms' },
          ],
        },
      );
    }
    return figures;
  },
};

async function untilRefused(url: string, bearer: string, since: number): Promise<number> {
  for (;;) {
    const answer = await whoIs(url, { bearer });
    const lag = performance.now() - since;
    if (answer === REFUSED) return lag;
    if (lag > GIVE_UP_MS) throw new Error('a revoked token was accepted for too long');
  }
}
