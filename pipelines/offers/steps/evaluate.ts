import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { Random } from '../../../domain/nlp/random.ts';
import {
  evaluateByMarket,
  listsOf,
  pairedBootstrap,
  personalFrequency,
  popularity,
  type RecommendModel,
  recommendBy,
  type Scores,
  sampleTruth,
  evaluate as score,
  truthOf,
} from '../../../domain/recommend/index.ts';
import { loadChampion } from '../../../domain/registry/champion.ts';
import { offersModel } from '../datasets.ts';
import { dayNumber } from '../days.ts';
import { loadModel, loadParts, trainedParts } from '../model.ts';
import { EvaluateOutput, TablesOutput, TrainingPlanOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { loadSalesTable } from '../sales-table.ts';

const k = 10;
/** Customers that a model is judged by, drawn by chance where there are more: the mean of so many is within half a percent. */
const mostCustomers = 8000;

/** Judges the model trained without the held-out days on them: all and new products, by market, against others. */
export const evaluate: StepDefinition<OffersParams> = {
  title: 'Evaluate on held-out days',
  needs: ['preprocess', 'plan-training', 'represent-holdout', 'train-holdout'],
  when: 'steps["plan-training"].output.train',
  isolation: 'process',
  resources: { memoryMiB: 3072 },
  output: EvaluateOutput,
  async run({ params, inputs, services, signal, progress, metric, log }) {
    const { tables, asOf } = input(inputs, 'preprocess', TablesOutput);
    const holdout = dayNumber(input(inputs, 'plan-training', TrainingPlanOutput).holdoutFrom);
    const sales = await loadSalesTable(tables, services.artifacts, services.sql);
    const found = truthOf(sales, holdout, dayNumber(asOf));
    const truth = sampleTruth(found, mostCustomers, new Random(params.seed));
    const listsBy = (model: RecommendModel) => {
      const list = (customers: Iterable<number>, newOnly: boolean) =>
        listsOf(
          recommendBy(sales, model, {
            asOfDay: holdout,
            customers: Int32Array.from(customers),
            topK: k,
            newOnly,
            signal,
          }),
        );
      return { all: list(truth.all.keys(), false), fresh: list(truth.fresh.keys(), true) };
    };
    const ours = listsBy(
      await loadParts(services.artifacts, trainedParts(inputs, 'represent-holdout', 'train-holdout')),
    );
    progress(1, 3, 'models');
    const champion = await loadChampion(
      services.models,
      offersModel,
      (artifact) => loadModel(services.artifacts, artifact),
      (message) => log('warn', message),
    );
    const theirs = champion && listsBy(champion);
    progress(2, 3, 'models');

    const all = score(ours.all, truth.all, k);
    const fresh = score(ours.fresh, truth.fresh, k);
    const frequency = score(personalFrequency(sales, holdout, truth.all.keys(), k), truth.all, k);
    const marketsAll = evaluateByMarket(sales, ours.all, truth.all, k);
    const marketsFresh = evaluateByMarket(sales, ours.fresh, truth.fresh, k);
    const output = {
      all: plain(all),
      fresh: plain(fresh),
      baselines: {
        personalFrequency: plain(frequency),
        popularity: plain(score(popularity(sales, holdout, truth.all.keys(), k), truth.all, k)),
        popularityFresh: plain(score(popularity(sales, holdout, truth.fresh.keys(), k, true), truth.fresh, k)),
      },
      markets: Object.fromEntries(
        Object.entries(marketsAll).map(([market, scores]) => [
          market,
          { all: plain(scores), fresh: plain(marketsFresh[market] ?? nobody) },
        ]),
      ),
      againstChampion:
        theirs && pairedBootstrap(all.perCustomer, score(theirs.all, truth.all, k).perCustomer, { seed: params.seed }),
      againstFrequency: pairedBootstrap(all.perCustomer, frequency.perCustomer, { seed: params.seed }),
    };
    metric('ndcg_all', all.ndcg);
    metric('ndcg_new', fresh.ndcg);
    metric('ndcg_all_frequency', frequency.ndcg);
    log(
      'info',
      `NDCG@${k} on ${all.customers} customers: ${all.ndcg.toFixed(3)} (own products by frequency ${frequency.ndcg.toFixed(3)}); new products ${fresh.ndcg.toFixed(3)}`,
    );
    return output;
  },
};

const nobody: Omit<Scores, 'perCustomer'> = { ndcg: 0, recall: 0, hit: 0, customers: 0 };

function plain({ ndcg, recall, hit, customers }: Omit<Scores, 'perCustomer'>) {
  return { ndcg, recall, hit, customers };
}
