import type { Static } from 'typebox';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, itemInputs } from '../../../domain/dag/step-inputs.ts';
import { type ComparedRow, judgedRanks, writeComparedLists } from '../compared-lists.ts';
import { offersModel } from '../datasets.ts';
import { isUsable } from '../model.ts';
import { ComparedListsOutput, type ComparedRollout, PredictOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { predictorOf } from '../predictor.ts';

/**
 * Makes, for each market with a rollout, the lists of the version that does not make those in use: of the same sales, for the same
 * customers. Nobody sees them. After the lists in use are delivered, and whatever becomes of it.
 */
export const compareLists: StepDefinition<OffersParams> = {
  title: 'Make the lists that rollouts compare',
  needs: ['preprocess', 'judge-rollouts', 'predict', 'deliver'],
  map: {
    over: 'steps["judge-rollouts"].output.compared',
    key: 'item.market',
    concurrency: 2,
    toleratedFailures: 1,
  },
  resources: { memoryMiB: 2048 },
  heartbeat: '1m',
  output: ComparedListsOutput,
  async run({ params, inputs, item, services, signal, scratch, progress, log }) {
    const none: Static<typeof ComparedListsOutput> = { version: null, customers: 0 };
    const of = item?.value as unknown as ComparedRollout;
    const { market, base, candidate } = of;
    const tables = input(inputs, 'preprocess', TablesOutput);
    const served = itemInputs(inputs, 'predict', PredictOutput)[market];
    if (!served) return none;
    const { modelVersion, lists } = served;
    if (modelVersion !== base && modelVersion !== candidate) {
      log(
        'warn',
        `Lists of ${market} were made by version ${modelVersion}; the rollout compares ${base} and ${candidate}`,
      );
      return none;
    }
    const other = await services.models.get(offersModel, modelVersion === base ? candidate : base);
    if (!other || !isUsable(other, tables.asOf)) {
      log(
        'warn',
        `Version ${other?.version} has seen later days than ${tables.asOf}: nothing is compared for this day`,
      );
      return none;
    }
    const { version, artifact } = other;
    const predictor = await predictorOf(tables, artifact, services);
    const { names } = predictor;
    const customers = [...names.customers.keys()].filter((c) => names.markets[names.marketOf[c] ?? -1] === market);
    let done = 0;
    async function* rows(): AsyncGenerator<ComparedRow> {
      const wanted = { topK: params.topK, newOnly: false, signal };
      for await (const { customer, products } of predictor.list(customers, wanted)) {
        progress(++done, customers.length, 'customers');
        for (const { productId, rank } of products.slice(0, judgedRanks))
          yield { customer_id: names.customers[customer] ?? '', version, rank, product_id: productId };
      }
    }
    const file = await services.artifacts.getFile(lists);
    const compared = { served: { file, version: modelVersion }, others: rows() };
    await writeComparedLists(services, of, tables.asOf, compared, { scratch, signal });
    return { version, customers: customers.length };
  },
};
