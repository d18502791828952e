/** A hierarchy of products, coarse levels first; below the last level stand the products themselves. */
export interface Hierarchy {
  /** Group of each product by level; a group lies within one group of the level before. */
  readonly levels: readonly Int32Array[];
  /** How much of the average household is mixed in at each level, the products' own last; in the unit of amounts. */
  readonly shrink: readonly number[];
  /** What all households bought of each product, above 0. */
  readonly amounts: Float64Array;
}

interface Node {
  mass: number;
  /** What all households bought of the part of each coupon's pool that lies in here. */
  readonly parts: Map<number, number>;
}

interface Own {
  readonly product: number;
  readonly amount: number;
}

/**
 * The share of what a household buys that is expected to fall on each pool of products. At every level of the hierarchy the
 * household's shares are drawn towards those of all households, by `shrink` (hierarchical Dirichlet smoothing, MacKay and
 * Peto 1995): who bought another pack of a maker is expected to buy of it, who bought nothing buys as the average does.
 *
 * @returns a function of the household's products and amounts; its cost is that of the products owned, not of the pools.
 */
export function expectedShares(
  { levels, shrink, amounts }: Hierarchy,
  pools: readonly Int32Array[],
): (own: readonly Own[]) => Float64Array {
  const root: Node = { mass: amounts.reduce((sum, amount) => sum + amount, 0), parts: new Map() };
  const nodes = levels.map((groupOf) => {
    const level = new Map<number, Node>();
    groupOf.forEach((group, product) => {
      const node = level.get(group) ?? { mass: 0, parts: new Map() };
      node.mass += amounts[product]!;
      level.set(group, node);
    });
    return level;
  });
  const leaves = new Map<number, Node>();
  pools.forEach((pool, coupon) => {
    for (const product of pool) {
      const leaf = leaves.get(product) ?? { mass: amounts[product]!, parts: new Map() };
      leaves.set(product, leaf);
      const path = [root, ...levels.map((groupOf, l) => nodes[l]!.get(groupOf[product]!)!), leaf];
      for (const { parts } of path) parts.set(coupon, (parts.get(coupon) ?? 0) + amounts[product]!);
    }
  });

  /** Share of the purchases in `node` that falls on each coupon. */
  function within(node: Node, level: number, own: readonly Own[]): Float64Array {
    const mixed = shrink[level]!;
    const out = new Float64Array(pools.length);
    for (const [coupon, part] of node.parts) out[coupon] = (mixed * part) / node.mass;
    let total = 0;
    const children = new Map<number, { own: Own[]; amount: number }>();
    for (const entry of own) {
      total += entry.amount;
      const key = level < levels.length ? levels[level]![entry.product]! : entry.product;
      const child = children.get(key) ?? { own: [], amount: 0 };
      child.own.push(entry);
      child.amount += entry.amount;
      children.set(key, child);
    }
    for (const [key, child] of children) {
      const below = level < levels.length ? nodes[level]!.get(key)! : leaves.get(key);
      if (!below || below.parts.size === 0) continue;
      const share = level < levels.length ? within(below, level + 1, child.own) : null;
      const weight = child.amount + (mixed * below.mass) / node.mass;
      for (const [coupon, part] of below.parts) {
        // In place of the average's share within the child, which is in `out` already.
        out[coupon]! += weight * (share?.[coupon] ?? 1) - (mixed * part) / node.mass;
      }
    }
    return out.map((sum) => sum / (total + mixed));
  }
  return (own) => within(root, 0, own);
}
