/** How long after a logout at one node another still opens, and whether it knew the login at once; many times. */

import { logout, mutate, whoIs } from '../../harness/client.js';
import type { Observation } from '../../harness/observation.js';
import { OPERATOR } from '../../harness/server.js';

type Seen = Pick<Observation, 'metric' | 'unit' | 'value'>;

/** `patienceMs`: a logout that is not felt by then is not felt. Of a model that does not feel it one is tried. */
export async function logoutsElsewhere(
  one: string,
  other: string,
  times: number,
  patienceMs: number,
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let n = 0; n < times; n += 1) {
    const felt = await logoutElsewhere(one, other, patienceMs);
    seen.push(...felt);
    // Each costs all the patience.
    if (felt.some(({ metric, value }) => metric === 'logout felt elsewhere' && value === false)) break;
  }
  return seen;
}

/** Signs in at one, asks the other, logs out at one, and asks the other until it refuses. */
async function logoutElsewhere(one: string, other: string, patienceMs: number): Promise<Seen[]> {
  const { viewer, tokens } = await mutate(one, 'login', { ...OPERATOR, delivery: 'BODY' });
  const bearer = tokens?.accessToken ?? '';
  const known = (await whoIs(other, { bearer })) === viewer?.id;
  await logout(one, { bearer });
  const from = performance.now();
  let refusedAt: number | null = null;
  while (refusedAt === null && performance.now() - from < patienceMs)
    if ((await whoIs(other, { bearer })) !== viewer?.id) refusedAt = performance.now();
  return [
    { metric: 'login known elsewhere', unit: '', value: known },
    { metric: 'logout felt elsewhere', unit: '', value: refusedAt !== null },
    ...(refusedAt === null
      ? []
      : [{ metric: 'logout felt after', unit: 'ms', value: refusedAt - from } as const]),
  ];
}
