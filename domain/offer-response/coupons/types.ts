/** Purchases of households, ordered by day; one entry a line of a receipt. */
export interface Purchases {
  readonly household: Int32Array;
  readonly product: Int32Array;
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
  /** What was paid, in units of the currency, at least 0. */
  readonly spend: Float64Array;
}

/** A campaign and its coupons; each coupon is good for a pool of products. */
export interface Campaign {
  /** Days since 1970-01-01; nothing of this day or later is known when its coupons are ranked. */
  readonly startDay: number;
  /** Products of each coupon, ascending, without repeats. */
  readonly pools: readonly Int32Array[];
}

/** A household redeemed the coupon `coupon` of the campaign `campaign` (indices). */
export interface Redemption {
  readonly household: number;
  readonly campaign: number;
  readonly coupon: number;
  readonly day: number;
}

/** Groups of products by index; each level parts the groups of the one before. */
export interface ProductGroups {
  /** Products of one maker and one category. */
  readonly maker: Int32Array;
  readonly department: Int32Array;
  readonly category: Int32Array;
  readonly type: Int32Array;
}

/** All that is known of the past. */
export interface CouponHistory {
  readonly households: number;
  readonly groups: ProductGroups;
  readonly purchases: Purchases;
  readonly campaigns: readonly Campaign[];
  readonly redemptions: readonly Redemption[];
}
