import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** The fragments of a document, each one after all the fragments it spreads. */
export interface FragmentOrder {
  readonly ordered: readonly FragmentDefinitionNode[];
  /** Some fragment spreads itself, directly or by way of others. */
  readonly cyclic: boolean;
}

interface Visit {
  readonly fragment: FragmentDefinitionNode;
  /** Fragments that it spreads and that exist; taken from the end as the walk proceeds. */
  readonly pending: FragmentDefinitionNode[];
}

type ByName = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * Puts fragments in an order in which each can be measured once, from figures that are already known.
 * The walk keeps its own stack: a chain of ten thousand fragments is short in the parser and must not be deep here.
 */
export function orderFragments(document: DocumentNode): FragmentOrder {
  const byName = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) byName.set(definition.name.value, definition);
  }

  const state = new Map<FragmentDefinitionNode, 'open' | 'closed'>();
  const ordered: FragmentDefinitionNode[] = [];
  const stack: Visit[] = [];
  let cyclic = false;
  const enter = (fragment: FragmentDefinitionNode): void => {
    if (state.get(fragment) === 'open') cyclic = true;
    if (state.has(fragment)) return;
    state.set(fragment, 'open');
    stack.push({ fragment, pending: spreadsOf(fragment, byName) });
  };

  for (const start of byName.values()) {
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.pending.pop();
      if (next !== undefined) {
        enter(next);
        continue;
      }
      stack.pop();
      state.set(top.fragment, 'closed');
      ordered.push(top.fragment);
    }
  }
  return { ordered, cyclic };
}

function spreadsOf(fragment: FragmentDefinitionNode, byName: ByName): FragmentDefinitionNode[] {
  const found: FragmentDefinitionNode[] = [];
  const sets: SelectionSetNode[] = [fragment.selectionSet];
  for (let set = sets.pop(); set !== undefined; set = sets.pop()) {
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        if (selection.selectionSet !== undefined) sets.push(selection.selectionSet);
        continue;
      }
      const target = byName.get(selection.name.value);
      if (target !== undefined) found.push(target);
    }
  }
  return found;
}
