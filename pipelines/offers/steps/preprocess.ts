import { PerennialError } from '../../../contracts/errors.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { TablesOutput, ValidateOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { writeTables } from '../tables.ts';

/** Cleans the sales before `asOf` and writes the tables that every later step works on. */
export const preprocess: StepDefinition<OffersParams> = {
  title: 'Clean sales, interactions and texts',
  version: '2',
  needs: ['validate'],
  // Sales that have not changed since are not cleaned again.
  cache: { params: ['productPattern', 'market'] },
  resources: { memoryMiB: 3072 },
  timeout: '2h',
  output: TablesOutput,
  async run({ params, inputs, services, scratch, signal, progress, metric }) {
    const { asOf } = input(inputs, 'validate', ValidateOutput);
    const { productPattern } = params;
    const tables = await writeTables({ asOf, productPattern, services, scratch, signal, progress });
    if (params.market && !tables.markets.includes(params.market)) {
      throw new PerennialError('DATA_MISSING', `No customer of market "${params.market}" bought before ${asOf}.`, {
        remedy: `Choose one of ${tables.markets.join(', ')}, or leave the parameter market empty for all.`,
      });
    }
    metric('rows', tables.rows);
    metric('customers', tables.customers);
    metric('products', tables.products);
    return tables;
  },
};
