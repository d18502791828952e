import { PerennialError } from '../../contracts/errors.ts';
import {
  type ContrastiveOptions,
  type Groups,
  packBytes,
  type TrainHooks,
  trainContrastive,
  unpackBytes,
} from '../nlp/index.ts';
import type { SalesTable } from './types.ts';

/** A vector of length 1 for each product, row by row, in the order of `products`. */
export interface ProductVectors {
  readonly products: readonly string[];
  readonly dimensions: number;
  readonly values: Float32Array;
}

export interface ProductVectorOptions extends ContrastiveOptions {
  /** Only baskets before this day (days since 1970-01-01) are read; default: all. */
  readonly beforeDay?: number;
}

const kind = 'product-vectors';
const version = 1;

/** Sales lines of the invoices learned from: there are not more pairs drawn than these hold. */
const mostLines = 1_000_000;

/** Products of each invoice, each once; of so many invoices, spread over all days, as have some 1,000,000 lines. */
function baskets(sales: SalesTable, beforeDay: number): Groups {
  const seen = new Map<number, Set<number>>();
  const share = mostLines / sales.day.length;
  for (let r = 0; r < sales.day.length; r++) {
    if ((sales.day[r] as number) >= beforeDay) break;
    const invoice = sales.invoice[r] as number;
    // Knuth's multiplicative hash: the same invoices whenever they are asked for.
    if (Math.imul(invoice, 2_654_435_761) >>> 0 >= share * 2 ** 32) continue;
    const basket = seen.get(invoice);
    if (basket) basket.add(sales.product[r] as number);
    else seen.set(invoice, new Set([sales.product[r] as number]));
  }
  const start = new Int32Array(seen.size + 1);
  const items: number[] = [];
  let g = 0;
  for (const basket of seen.values()) {
    items.push(...basket);
    start[++g] = items.length;
  }
  return { start, items: Int32Array.from(items) };
}

/**
 * Product vectors from descriptions and baskets: products bought together lie close, and so do products that read
 * alike, which places a product nobody has bought yet. See {@link trainContrastive} for the model.
 *
 * Throws DATA_MISSING without products, CANCELLED when `hooks.signal` fires.
 */
export async function trainProductVectors(
  sales: SalesTable,
  options: ProductVectorOptions,
  hooks: TrainHooks,
): Promise<ProductVectors> {
  if (sales.products.length === 0) {
    throw new PerennialError('DATA_MISSING', 'There are 0 products to learn vectors of', {
      remedy: 'Ingest sales that pass the cleaning rules, or choose a later asOf.',
    });
  }
  const groups = baskets(sales, options.beforeDay ?? Number.POSITIVE_INFINITY);
  const { vectors, dimensions } = await trainContrastive(sales.descriptions, groups, options, hooks);
  return { products: sales.products, dimensions, values: vectors };
}

export function encodeProductVectors(vectors: ProductVectors): Uint8Array {
  const meta = { products: [...vectors.products], dimensions: vectors.dimensions };
  return packBytes({ kind, version, meta, arrays: { values: vectors.values } });
}

/** Reads {@link encodeProductVectors}; MODEL_FORMAT when the bytes are something else. */
export function decodeProductVectors(bytes: Uint8Array): ProductVectors {
  const { meta, arrays } = unpackBytes(bytes, kind, version);
  const values = arrays['values'];
  const { products, dimensions } = meta as { products: string[]; dimensions: number };
  if (!values || values.length !== products.length * dimensions) {
    throw new PerennialError(
      'MODEL_FORMAT',
      `The product vectors hold ${values?.length ?? 0} numbers, not ${products.length} × ${dimensions}`,
      {
        remedy: 'Train the model again.',
      },
    );
  }
  return { products, dimensions, values };
}

/** Rows of the vectors in the order of another product list; zeros for a product the model has not seen. */
export function alignVectors(vectors: ProductVectors, products: readonly string[]): Float32Array {
  const { dimensions: d } = vectors;
  if (vectors.products === products) return vectors.values;
  const place = new Map(vectors.products.map((product, i) => [product, i]));
  const out = new Float32Array(products.length * d);
  products.forEach((product, i) => {
    const at = place.get(product);
    if (at !== undefined) out.set(vectors.values.subarray(at * d, (at + 1) * d), i * d);
  });
  return out;
}
