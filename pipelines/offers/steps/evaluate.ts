import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { Random } from '../../../domain/nlp/random.ts';
import {
  evaluateByMarket,
  historyBefore,
  judgeLists,
  listsOf,
  pairedBootstrap,
  personalFrequency,
  popularity,
  type Recommendation,
  recommendBy,
  type Scores,
  sampleTruth,
  evaluate as score,
  truthOf,
} from '../../../domain/recommend/index.ts';
import { loadChampion } from '../../../domain/registry/champion.ts';
import { offersModel } from '../datasets.ts';
import { dayNumber } from '../days.ts';
import { customersToJudge, inParts, judgedLength, recommendAllBoth } from '../judged-lists.ts';
import { loadModel, loadParts, trainedParts } from '../model.ts';
import { EvaluateOutput, TablesOutput, TrainingPlanOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { loadDrawnSales } from '../sales-table.ts';

const k = 10;
/** Customers that a model is judged by, drawn by chance where there are more: the mean of so many is within half a percent. */
const mostCustomers = 8000;

/**
 * Judges the model trained without the held-out days on them: all and new products, by market, against others; and
 * learns there what its lists are worth.
 */
export const evaluate: StepDefinition<OffersParams> = {
  title: 'Evaluate on held-out days',
  version: '4',
  needs: ['preprocess', 'plan-training', 'represent-holdout', 'train-holdout'],
  when: 'steps["plan-training"].output.train',
  isolation: 'process',
  resources: { memoryMiB: 3072 },
  output: EvaluateOutput,
  async run({ params, inputs, services, signal, progress, metric, log }) {
    const tables = input(inputs, 'preprocess', TablesOutput);
    const { holdoutFrom } = input(inputs, 'plan-training', TrainingPlanOutput);
    const [holdout, end] = [dayNumber(holdoutFrom), dayNumber(tables.asOf)];
    const sales = await loadDrawnSales(tables, services.artifacts, services.sql);
    const truth = sampleTruth(truthOf(sales, holdout, end), mostCustomers, new Random(params.seed));
    const history = historyBefore(sales, holdout);
    const model = await loadParts(services.artifacts, trainedParts(inputs, 'represent-holdout', 'train-holdout'));
    const opponent = await loadChampion(
      services.models,
      offersModel,
      (artifact) => loadModel(services.artifacts, artifact),
      (message) => log('warn', message),
    );
    const champion = opponent?.model ?? null;

    // Who bought nothing counts for what lists are worth, but not for how well they are ordered.
    const judged = customersToJudge(history, params.seed);
    const listed = Int32Array.from(new Set([...judged, ...truth.all.keys()])).sort();
    const buyers = Int32Array.from(truth.all.keys());
    const total = 2 * listed.length + (champion ? buyers.length : 0);
    const options = { asOfDay: holdout, topK: judgedLength(params.topK), signal };
    const ours = await recommendAllBoth(sales, model, { ...options, customers: listed }, (done) =>
      progress(2 * done, total, 'lists'),
    );
    let theirs: Map<number, number[]> | null = null;
    if (champion) {
      const found: Recommendation[] = [];
      await inParts(
        buyers,
        (part) => found.push(...recommendBy(sales, champion.model, { ...options, customers: part, newOnly: false })),
        (done) => progress(2 * listed.length + done, total, 'lists'),
      );
      theirs = listsOf(found);
    }

    const lists = { all: listsOf(ours.all), fresh: listsOf(ours.fresh) };
    const all = score(lists.all, truth.all, k);
    const fresh = score(lists.fresh, truth.fresh, k);
    const frequency = score(personalFrequency(sales, holdout, truth.all.keys(), k), truth.all, k);
    const marketsAll = evaluateByMarket(sales, lists.all, truth.all, k);
    const marketsFresh = evaluateByMarket(sales, lists.fresh, truth.fresh, k);
    const isJudged = new Set(judged);
    const { heads, ...worth } = judgeLists(
      sales,
      history,
      {
        all: ours.all.filter(({ customer }) => isJudged.has(customer)),
        fresh: ours.fresh.filter(({ customer }) => isJudged.has(customer)),
      },
      { toDay: end, k, seed: params.seed },
    );
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
        theirs && pairedBootstrap(all.perCustomer, score(theirs, truth.all, k).perCustomer, { seed: params.seed }),
      champion: opponent?.version ?? null,
      againstFrequency: pairedBootstrap(all.perCustomer, frequency.perCustomer, { seed: params.seed }),
      holdoutFrom,
      horizonDays: end - holdout,
      forecast: { horizonDays: end - holdout, ...heads },
      lists: worth,
    };
    metric('ndcg_all', all.ndcg);
    metric('ndcg_new', fresh.ndcg);
    metric('ndcg_all_frequency', frequency.ndcg);
    metric('calibration_error', worth.all.calibrationError);
    metric('expected_revenue', worth.all.expected);
    metric('realised_revenue', worth.all.realised);
    log(
      'info',
      `NDCG@${k} on ${all.customers} customers: ${all.ndcg.toFixed(3)} (own products by frequency ${frequency.ndcg.toFixed(3)}); new products ${fresh.ndcg.toFixed(3)}`,
    );
    log(
      'info',
      `lists of ${judged.length} customers: expected revenue ${worth.all.expected.toFixed(0)}, realised ${worth.all.realised.toFixed(0)}; calibration error ${worth.all.calibrationError.toFixed(4)}; ${worth.all.lift.hits} hits against ${worth.all.lift.popularityHits} of the most popular products`,
    );
    return output;
  },
};

const nobody: Omit<Scores, 'perCustomer'> = { ndcg: 0, recall: 0, hit: 0, customers: 0 };

function plain({ ndcg, recall, hit, customers }: Omit<Scores, 'perCustomer'>) {
  return { ndcg, recall, hit, customers };
}
