/** Which figures of a document are too large, and what its sender is told. Pure; the figures come from measure.ts. */
import { CEILING } from './figures.js';
import type { Measures } from './measure.js';

/** The most that a document may have of each thing, inclusive. */
export interface DocumentLimits {
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly fields: number;
  readonly introspectionFields: number;
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
  readonly cost: number;
  readonly pageSize: number;
  /** Lexical tokens; the parser counts them and stops there. */
  readonly tokens: number;
  readonly operations: number;
  readonly credentialOperations: number;
}

/** The defaults. graphql-js' own introspection query measures 15 levels and 200-odd fields. */
export const DocumentLimits: DocumentLimits = Object.freeze({
  depth: 10,
  introspectionDepth: 16,
  fields: 250,
  introspectionFields: 500,
  rootFields: 10,
  aliases: 15,
  directives: 25,
  cost: 2000,
  pageSize: 100,
  tokens: 1000,
  operations: 5,
  credentialOperations: 1,
});

type Limited = Exclude<keyof DocumentLimits, 'tokens'>;

/** Every ground on which a document is refused; closed, so that it can label a metric. */
export type BreachKind = keyof DocumentLimits | 'conditionalRoot' | 'cyclic' | 'introspection';

/** One ground, with a sentence that may be shown to anybody. `limit` and `figure` where it is a matter of number. */
export type Breach =
  | { readonly kind: Limited; readonly limit: number; readonly figure: number; readonly message: string }
  | { readonly kind: Exclude<BreachKind, keyof DocumentLimits>; readonly message: string };

interface Rule {
  readonly kind: Limited;
  readonly figure: (measures: Measures) => number;
  readonly says: (figure: string) => string;
}

const RULES: readonly Rule[] = [
  { kind: 'operations', figure: (m) => m.operations, says: (n) => `This document has ${n} operations` },
  { kind: 'depth', figure: (m) => m.depth, says: (n) => `This document nests ${n} levels deep` },
  {
    kind: 'introspectionDepth',
    figure: (m) => m.introspectionDepth,
    says: (n) => `This document introspects ${n} levels deep`,
  },
  { kind: 'fields', figure: (m) => m.fields, says: (n) => `This document selects ${n} fields` },
  {
    kind: 'introspectionFields',
    figure: (m) => m.introspectionFields,
    says: (n) => `This document selects ${n} introspection fields`,
  },
  { kind: 'rootFields', figure: (m) => m.rootFields, says: (n) => `This document selects ${n} root fields` },
  { kind: 'aliases', figure: (m) => m.aliases, says: (n) => `This document uses ${n} aliases` },
  { kind: 'directives', figure: (m) => m.directives, says: (n) => `This document uses ${n} directives` },
  { kind: 'cost', figure: (m) => m.cost, says: (n) => `This document costs ${n} points` },
  {
    kind: 'pageSize',
    figure: (m) => m.largestPage,
    says: (n) => `This document asks for a page of ${n} items`,
  },
  {
    kind: 'credentialOperations',
    figure: (m) => m.credentialOperations,
    says: (n) => `This document has ${n} credential operations`,
  },
];

/** All that is too much about a document, in a fixed order; empty when nothing is. */
export function breaches(measures: Measures, limits: DocumentLimits): Breach[] {
  const found: Breach[] = [];
  if (measures.cyclic)
    found.push({ kind: 'cyclic', message: 'This document has a fragment that contains itself.' });
  // GraphQL specification, September 2025, 5.2.4.1. graphql-js' rule for single root fields throws at a condition that
  // it cannot read.
  if (measures.conditionalRoots > 0)
    found.push({
      kind: 'conditionalRoot',
      message: 'The root of a subscription has no @skip and no @include.',
    });
  for (const rule of RULES) {
    const figure = rule.figure(measures);
    const limit = limits[rule.kind];
    if (figure <= limit) continue;
    const shown = figure >= CEILING ? `at least ${CEILING}` : String(figure);
    found.push({ kind: rule.kind, limit, figure, message: `${rule.says(shown)}; the limit is ${limit}.` });
  }
  return found;
}

/** The ground to refuse a document that introspects where introspection is off, at whatever depth and in any fragment. */
export function introspectionBreaches(measures: Measures): Breach[] {
  if (measures.introspectionFields === 0) return [];
  return [{ kind: 'introspection', message: 'Introspection is off on this server.' }];
}
