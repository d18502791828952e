import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { PastOffers } from '../../../domain/offer-response/index.ts';
import type { SalesTable } from '../../../domain/recommend/index.ts';
import { dayNumber } from '../../../pipelines/offers/days.ts';
import { generateDemo } from '../../../pipelines/offers/demo/index.ts';

export interface DemoWorld {
  readonly sales: SalesTable;
  readonly offers: PastOffers;
  readonly heldOut: Uint8Array;
  /** Planted kind of each customer. */
  readonly kind: readonly string[];
}

/** The sales, offers and planted truth of a generated wholesaler, as the domain takes them. */
export async function demoWorld(size: {
  customers: number;
  products: number;
  days: number;
  seed?: number;
}): Promise<DemoWorld> {
  const base = await mkdtemp(join(tmpdir(), 'perennial-response-'));
  try {
    await generateDemo({ ...size, out: base });
    const rows: string[][] = [];
    for (const name of (await readdir(join(base, 'sales'))).sort())
      for (const line of gunzipSync(await readFile(join(base, 'sales', name)))
        .toString()
        .trim()
        .split('\n')
        .slice(1))
        if (line && !line.startsWith('C')) rows.push(line.split(','));
    const truth = JSON.parse(await readFile(join(base, 'truth.json'), 'utf8')) as {
      customer: string;
      market: string;
      offers: { kind: string };
    }[];
    const offers = (await readFile(join(base, 'offers.csv'), 'utf8'))
      .trim()
      .split('\n')
      .slice(1)
      .map((l) => l.split(','));
    const customers = truth.map((t) => t.customer);
    const products = [...new Set([...rows.map((r) => r[1]!), ...offers.map((o) => o[1]!)])].sort();
    const markets = [...new Set(truth.map((t) => t.market))].sort();
    const [c, p] = [new Map(customers.map((id, i) => [id, i])), new Map(products.map((id, i) => [id, i]))];
    return {
      sales: {
        customers,
        products,
        descriptions: products,
        markets,
        marketOf: Int32Array.from(truth, (t) => markets.indexOf(t.market)),
        customer: Int32Array.from(rows, (r) => c.get(r[6]!)!),
        product: Int32Array.from(rows, (r) => p.get(r[1]!)!),
        day: Int32Array.from(rows, (r) => dayNumber(r[4]!.slice(0, 10))),
        quantity: Float32Array.from(rows, (r) => Number(r[3])),
        price: Float32Array.from(rows, (r) => Number(r[5])),
        invoice: Int32Array.from(rows, (r) => Number(r[0])),
      },
      offers: {
        customer: Int32Array.from(offers, (o) => c.get(o[0]!)!),
        product: Int32Array.from(offers, (o) => p.get(o[1]!)!),
        day: Int32Array.from(offers, (o) => dayNumber(o[2]!)),
        discount: Float64Array.from(offers, (o) => Number(o[3]) / 100),
        sale: Uint8Array.from(offers, (o) => Number(o[4])),
      },
      heldOut: Uint8Array.from(offers, (o) => Number(o[5])),
      kind: truth.map((t) => t.offers.kind),
    };
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}
