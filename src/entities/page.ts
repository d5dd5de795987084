/** One page of a list, for Relay connections. Cursors are opaque to everybody but the store that made them. */

export interface PageRequest {
  readonly first: number;
  /** A cursor of an earlier page; the page begins behind it. */
  readonly after: string | null;
}

export interface Page<Item> {
  readonly items: readonly { readonly item: Item; readonly cursor: string }[];
  readonly hasNextPage: boolean;
}
