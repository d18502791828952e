/** A text of a customer: notes, a web page, a menu. */
export interface CustomerText {
  /** Index of the customer. */
  readonly customer: number;
  /** Where it comes from, such as the name of its file. */
  readonly source: string;
  /** Its sentences, in order. */
  readonly sentences: readonly string[];
}

/** Products by their names, and which of them each customer uses as far as its purchases tell. */
export interface Assortment {
  /** Name of each product, as in the catalogue. */
  readonly names: readonly string[];
  /** Market of each customer. */
  readonly market: Int32Array;
  /** Products bought again and again by customer c, which it uses, not only tried: `product[start[c]] … product[start[c + 1] - 1]`, ascending. */
  readonly bought: { readonly start: Int32Array; readonly product: Int32Array };
}
