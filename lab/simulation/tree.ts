/**
 * Who follows whom: nodes above, then as many levels of relays as the fan-out asks for, then verifiers. Consumers are
 * spread evenly. Counterfoil ships no relay; here it is a process that follows one feed and offers it on.
 */

export interface Tree {
  readonly nodes: number;
  /** Relays of each level, from the nodes downwards; none where nodes feed the verifiers. */
  readonly relays: readonly number[];
  readonly verifiers: number;
}

export function treeOf({ nodes, verifiers, fanOut }: Record<'nodes' | 'verifiers' | 'fanOut', number>): Tree {
  const relays: number[] = [];
  let consumers = verifiers;
  while (consumers > nodes * fanOut) {
    consumers = Math.ceil(consumers / fanOut);
    relays.unshift(consumers);
  }
  return { nodes, relays, verifiers };
}

/** Whom the consumer `which` of `count` follows, of `parents` above it. */
export function parentOf(which: number, count: number, parents: number): number {
  return Math.floor((which * parents) / count);
}
