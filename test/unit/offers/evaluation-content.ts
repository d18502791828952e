import {
  evaluate,
  evaluateByMarket,
  historyBefore,
  judgeLists,
  listsOf,
  pairedBootstrap,
  personalFrequency,
  popularity,
  truthOf,
} from '../../../domain/recommend/index.ts';
import type { EvaluationContent } from '../../../pipelines/offers/evaluation-page/index.ts';
import { plantedWorld } from '../recommend/planted-lists.ts';

/** What the page of a run says that trained, of a planted world of two markets. */
export function evaluationContent(): EvaluationContent {
  const { sales: planted, lists, asOfDay, toDay } = plantedWorld(400);
  // A name that would be markup, if it were not escaped.
  const sales = { ...planted, markets: ['DE & <b>AT</b>', 'FR'] };
  const { heads, ...judged } = judgeLists(
    sales,
    historyBefore(sales, asOfDay),
    { all: lists, fresh: lists },
    { toDay, k: 5, seed: 1 },
  );
  const truth = truthOf(sales, asOfDay, toDay).all;
  const ours = listsOf(lists);
  const plain = ({ ndcg, recall, hit, customers }: ReturnType<typeof evaluate>) => ({ ndcg, recall, hit, customers });
  const all = evaluate(ours, truth);
  const frequent = evaluate(personalFrequency(sales, asOfDay, truth.keys(), 10), truth);
  const popular = plain(evaluate(popularity(sales, asOfDay, truth.keys(), 10), truth));
  return {
    runId: 'run-1',
    asOf: '2026-07-01',
    evaluation: {
      all: plain(all),
      fresh: plain(all),
      baselines: { personalFrequency: plain(frequent), popularity: popular, popularityFresh: popular },
      markets: Object.fromEntries(
        Object.entries(evaluateByMarket(sales, ours, truth)).map(([market, s]) => [
          market,
          { all: plain(s), fresh: plain(s) },
        ]),
      ),
      againstChampion: null,
      againstFrequency: pairedBootstrap(all.perCustomer, frequent.perCustomer),
      holdoutFrom: '2026-06-01',
      horizonDays: 30,
      forecast: { horizonDays: 30, ...heads },
      lists: judged,
    },
    published: { version: 2, promoted: true, reason: 'there was no champion to compare with' },
    trainedBy: 'run-1',
    predicted: {
      FR: {
        customers: 200,
        products: 20,
        modelVersion: 2,
        shareNew: 0.5,
        horizonDays: 30,
        expectedRevenue: 1234.5,
        top: [],
        topNew: [],
        lists: { uri: 'artifact:sha256:0', sha256: '0', bytes: 1 },
      },
    },
    response: null,
    publishedResponse: null,
    chosen: {
      FR: {
        offers: 12,
        customers: 10,
        heldOut: 1,
        incrementalMargin: 34.5,
        spend: 6.7,
        revenue: 89,
        modelVersion: 1,
        gap: 0,
      },
    },
  };
}
