import { join } from 'node:path';
import { generateDemo } from '../../pipelines/offers/demo/index.ts';

/** A small wholesaler whose training takes some seconds; resolves to the folder of its sales. */
export async function smallDemo(folder: string): Promise<string> {
  const { sales } = await generateDemo({
    customers: 150,
    products: 100,
    days: 150,
    markets: 2,
    out: join(folder, 'demo'),
  });
  return sales;
}
