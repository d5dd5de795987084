/** Relay connections (the GraphQL Cursor Connections Specification), forward paging only. */

import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { Page } from '../../entities/page.js';
import { badInput } from '../errors.js';

const MAX_PAGE = 100;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20, description: `How many items, from 1 to ${MAX_PAGE}.` })
  first!: number;

  @Field(() => String, { nullable: true, description: 'The cursor behind which the page begins.' })
  after?: string | null;
}

export function pageRequest({ first, after }: PageArgs) {
  if (first < 1 || first > MAX_PAGE) throw badInput(`"first" must be from 1 to ${MAX_PAGE}.`);
  return { first, after: after ?? null };
}

@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage: boolean;

  @Field(() => Boolean, { description: 'Always false: pages are read forwards only.' })
  hasPreviousPage = false;

  @Field(() => String, { nullable: true })
  startCursor: string | null;

  @Field(() => String, { nullable: true })
  endCursor: string | null;

  constructor(page: Page<unknown>) {
    this.hasNextPage = page.hasNextPage;
    this.startCursor = page.items[0]?.cursor ?? null;
    this.endCursor = page.items.at(-1)?.cursor ?? null;
  }
}

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: PageInfo;
}

/** The edge and connection types over a node type, and how a page becomes one. */
export function connectionOf<Item, Node extends object>(
  name: string,
  node: ClassType<Node>,
  present: (item: Item) => Node,
) {
  @ObjectType(`${name}Edge`)
  class EdgeType {
    @Field(() => String)
    cursor!: string;

    @Field(() => node)
    node!: Node;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionType {
    @Field(() => [EdgeType])
    edges!: EdgeType[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }

  return {
    type: ConnectionType,
    from: (page: Page<Item>): Connection<Node> => ({
      edges: page.items.map(({ item, cursor }) => ({ cursor, node: present(item) })),
      pageInfo: new PageInfo(page),
    }),
  };
}
