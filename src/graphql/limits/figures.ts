/** Figures stop growing here. A figure of CEILING means "this or more". */
export const CEILING = 1_000_000_000;

/** What one selection set amounts to, everything below it and every fragment it spreads included. */
export interface Figures {
  depth: number;
  introspectionDepth: number;
  fields: number;
  introspectionFields: number;
  /** Fields of the selection set itself; only the root's are of interest. */
  topFields: number;
  topCredentials: number;
  /** `@skip` and `@include` on what the selection set itself selects. */
  topConditions: number;
  aliases: number;
  directives: number;
  cost: number;
  largestPage: number;
}

export const sum = (a: number, b: number): number => Math.min(a + b, CEILING);

export const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : Math.min(a * b, CEILING));

/** Every figure at `value`: 0 to start counting, CEILING for what is too large to be read. */
export function uniform(value: number): Figures {
  return {
    depth: value,
    introspectionDepth: value,
    fields: value,
    introspectionFields: value,
    topFields: value,
    topCredentials: value,
    topConditions: value,
    aliases: value,
    directives: value,
    cost: value,
    largestPage: value,
  };
}

/** Puts a fragment's selections beside those already in `total`: counts add up, depths and sizes do not. */
export function include(total: Figures, part: Figures): void {
  total.depth = Math.max(total.depth, part.depth);
  total.introspectionDepth = Math.max(total.introspectionDepth, part.introspectionDepth);
  total.largestPage = Math.max(total.largestPage, part.largestPage);
  total.fields = sum(total.fields, part.fields);
  total.introspectionFields = sum(total.introspectionFields, part.introspectionFields);
  total.topFields = sum(total.topFields, part.topFields);
  total.topCredentials = sum(total.topCredentials, part.topCredentials);
  total.topConditions = sum(total.topConditions, part.topConditions);
  total.aliases = sum(total.aliases, part.aliases);
  total.directives = sum(total.directives, part.directives);
  total.cost = sum(total.cost, part.cost);
}

/** Figure by figure the larger of two operations, of which one request runs only one. */
export function worse(a: Figures, b: Figures): Figures {
  return {
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    fields: Math.max(a.fields, b.fields),
    introspectionFields: Math.max(a.introspectionFields, b.introspectionFields),
    topFields: Math.max(a.topFields, b.topFields),
    topCredentials: Math.max(a.topCredentials, b.topCredentials),
    topConditions: Math.max(a.topConditions, b.topConditions),
    aliases: Math.max(a.aliases, b.aliases),
    directives: Math.max(a.directives, b.directives),
    cost: Math.max(a.cost, b.cost),
    largestPage: Math.max(a.largestPage, b.largestPage),
  };
}
