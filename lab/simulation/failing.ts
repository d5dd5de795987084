/** When links are cut: those that the scenario names, and those that its chances give. */

import type { Span } from './link.js';
import { Random } from './random.js';
import type { Cut, Failing, Scenario } from './scenario.js';

export function cutsOf(scenario: Scenario, whose: Cut['whose']): (which: number) => Span[] {
  const { seed, failing, slow } = scenario;
  const named = new Map<number, Span[]>();
  for (const cut of scenario.cuts) {
    if (cut.whose !== whose) continue;
    named.set(cut.which, [...(named.get(cut.which) ?? []), cut]);
  }
  const plan = { node: failing.nodes, relay: failing.relays, verifier: failing.verifiers }[whose];
  const isSlow = new Random(seed, `slow ${whose}`);
  return (which) => [
    ...(named.get(which) ?? []),
    ...atRandom(plan, scenario, `${whose} ${which} fails`),
    ...(whose === 'verifier' && isSlow.number() < slow.share
      ? atRandom(slow, scenario, `${whose} ${which} stalls`)
      : []),
  ];
}

/** None begins, and none lasts, beyond the simulated seconds. */
function atRandom({ everyMs, forMs }: Failing, { seed, seconds }: Scenario, purpose: string): Span[] {
  if (everyMs === 0 || forMs === 0) return [];
  const random = new Random(seed, purpose);
  const end = seconds * 1_000;
  const spans: Span[] = [];
  for (let at = random.exponential(everyMs); at < end; at += random.exponential(everyMs)) {
    const toMs = Math.min(end, at + random.exponential(forMs));
    spans.push({ fromMs: at, toMs });
    at = toMs;
  }
  return spans;
}
