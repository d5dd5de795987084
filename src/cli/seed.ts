/** `counterfoil seed`: fills a database with the demo, and prints how to sign in to it. */

import { DEMO_PASSWORD, plantDemo } from '../../seeds/demo.js';
import { rotateSigningKey } from '../account/signing-keys.js';
import { type Config, databaseName } from '../config/config.js';
import { systemClock } from '../system/clock.js';
import { type Console, EXIT } from './console.js';
import { answer, type Format, table } from './report.js';
import { HERE, withNewApp } from './with-app.js';

const BAR_WIDTH = 30;
const LINE_EVERY = 0.1;

export async function seed(
  config: Config,
  console: Console,
  options: Format & { force?: boolean },
): Promise<number> {
  if (config.production) {
    console.err(
      'counterfoil: the demo has a published password and is not for production (NODE_ENV=production)\n',
    );
    return EXIT.failed;
  }
  const taken = await withNewApp(
    config,
    async (app) => (await app.store.users.list({ first: 1, after: null }, null)).items.length,
  );
  if (taken > 0 && !options.force) {
    console.err(`counterfoil: ${databaseName(config)} has users already; --force adds the demo to them\n`);
    return EXIT.failed;
  }
  const startedAt = systemClock.monotonic();
  const demo = await plantDemo(config, systemClock.now(), progress(console));
  // One rotation without waiting, so that the key ring has a history, too. Beside other users it is not ours to do:
  // services that cached the JWKS would refuse their tokens.
  if (taken === 0)
    await withNewApp(config, (app) => rotateSigningKey(app.parts, { algorithm: null, force: true }, HERE));
  const seconds = ((systemClock.monotonic() - startedAt) / 1000).toFixed(1);
  const { users, sessions } = demo;
  const shown = [
    ...users.filter(({ roles }) => roles.includes('OPERATOR')),
    ...users.filter(({ roles }) => !roles.includes('OPERATOR')).slice(0, 5),
  ];
  const rows = shown.map(({ email, roles, note }) => [email, DEMO_PASSWORD, roles.join(' '), note]);
  const text = `${table(['EMAIL', 'PASSWORD', 'ROLES', ''], rows)}
… and ${users.length - shown.length} more with the same password ("counterfoil users list").
${users.length} users and ${sessions} devices in ${seconds} s, in ${databaseName(config)}.`;
  answer(console, options, { password: DEMO_PASSWORD, users, sessions }, text);
  return EXIT.done;
}

/** A bar where a person watches, a line now and then elsewhere. */
function progress(console: Console): (part: number, what: string) => void {
  let said = -1;
  return (part, what) => {
    if (console.isTerminal) {
      const full = Math.round(part * BAR_WIDTH);
      console.err(
        `\r[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${what.padEnd(20)}${part === 1 ? '\n' : ''}`,
      );
    } else if (part - said >= LINE_EVERY || part === 1) {
      said = part;
      console.err(`seeding: ${Math.round(part * 100)} % (${what})\n`);
    }
  };
}
