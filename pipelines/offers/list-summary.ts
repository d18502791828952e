import type { NextProduct } from '../../contracts/offers.ts';

/** Products that stand in many lists. */
export type ListedProduct = {
  readonly productId: string;
  readonly description: string;
  readonly customers: number;
};

/** What is said of the lists of a market, gathered while they are made. */
export class ListSummary {
  customers = 0;
  #listed = 0;
  #new = 0;
  #revenue = 0;
  readonly #products = new Set<string>();
  readonly #top = new Map<string, ListedProduct>();
  readonly #topNew = new Map<string, ListedProduct>();

  /** Takes the lists of a customer: of all products, and of new ones. */
  add(all: readonly NextProduct[], fresh: readonly NextProduct[]): void {
    this.customers++;
    for (const { productId, isNew, expectedRevenue } of all) {
      this.#listed++;
      if (isNew) this.#new++;
      this.#revenue += expectedRevenue;
      this.#products.add(productId);
    }
    count(all, this.#top);
    count(fresh, this.#topNew);
  }

  figures() {
    return {
      customers: this.customers,
      products: this.#products.size,
      shareNew: this.#listed === 0 ? 0 : this.#new / this.#listed,
      expectedRevenue: this.#revenue,
      top: commonest(this.#top),
      topNew: commonest(this.#topNew),
    };
  }
}

/** Products count by the customers that have them among the first five. */
function count(list: readonly NextProduct[], counts: Map<string, ListedProduct>): void {
  for (const { productId, description } of list.slice(0, 5)) {
    const customers = (counts.get(productId)?.customers ?? 0) + 1;
    counts.set(productId, { productId, description, customers });
  }
}

function commonest(counts: ReadonlyMap<string, ListedProduct>): ListedProduct[] {
  return [...counts.values()]
    .sort((a, b) => b.customers - a.customers || (a.productId < b.productId ? -1 : 1))
    .slice(0, 3);
}
