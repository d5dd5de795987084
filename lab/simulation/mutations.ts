/** What happens at the nodes: mutations that are followed to every verifier, and hints of those that are not. */

import type { Events } from './events.js';
import type { Node } from './node.js';
import { Random } from './random.js';
import type { Scenario } from './scenario.js';

/** Fills in when each mutation returned. */
export function mutate(
  scenario: Scenario,
  events: Events,
  nodes: readonly Node[],
  returnedAt: Float64Array,
): void {
  const random = new Random(scenario.seed, 'mutations');
  const hinted = nodes.map((_, which) => which < scenario.hinted * nodes.length);
  for (let number = 0; number < returnedAt.length; number++) {
    const node = nodes[random.below(nodes.length)];
    const hint = () => {
      for (const [which, other] of nodes.entries())
        if (other !== node && hinted[which]) events.at(other.link.arrival(events.now), () => other.hint());
    };
    events.at(random.between(0, scenario.seconds * 1_000), () =>
      node?.write(
        { number },
        () => {
          returnedAt[number] = events.now;
        },
        hint,
      ),
    );
  }
}

/** Revocations that nobody follows are hinted at all the same, and each hint is a reading. */
export function hintAtRandom(
  { backgroundPerSecond }: Scenario,
  events: Events,
  node: Node,
  random: Random,
): void {
  if (backgroundPerSecond === 0) return;
  const next = () =>
    events.after(random.exponential(1_000 / backgroundPerSecond), () => {
      node.hint();
      next();
    });
  next();
}
