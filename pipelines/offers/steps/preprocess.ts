import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, TablesOutput, ValidateOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { writeTables } from '../tables.ts';

/** Cleans the sales before `asOf` and writes the tables that every later step works on. */
export const preprocess: StepDefinition<OffersParams> = {
  title: 'Clean sales, interactions and texts',
  needs: ['validate'],
  resources: { memoryMiB: 1024 },
  output: TablesOutput,
  async run({ params, inputs, services, scratch, signal, progress, metric }) {
    const { asOf } = input(inputs, 'validate', ValidateOutput);
    const { productPattern } = params;
    const tables = await writeTables({ asOf, productPattern, services, scratch, signal, progress });
    metric('rows', tables.rows);
    metric('customers', tables.customers);
    metric('products', tables.products);
    return tables;
  },
};
