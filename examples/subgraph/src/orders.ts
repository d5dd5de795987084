/** The orders, in memory: what this service is about. Knows nothing of GraphQL or of who may call. */

export interface Order {
  readonly id: string;
  readonly ownerId: string;
  readonly item: string;
  readonly margin: number;
}

export class Orders {
  readonly #orders: Order[] = [];

  place(ownerId: string, item: string): Order {
    const order = { id: String(this.#orders.length + 1), ownerId, item, margin: item.length };
    this.#orders.unshift(order);
    return order;
  }

  of(ownerId: string): readonly Order[] {
    return this.#orders.filter((order) => order.ownerId === ownerId);
  }

  /** Null when that owner has no such order; whether somebody else has it makes no difference. */
  find(id: string, ownerId: string): Order | null {
    return this.#orders.find((order) => order.id === id && order.ownerId === ownerId) ?? null;
  }

  get count(): number {
    return this.#orders.length;
  }
}
