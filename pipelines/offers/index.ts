import { definePipeline } from '../../domain/dag/index.ts';
import { OffersParams } from './params.ts';
import { offersPolicy } from './policy.ts';
import { registeredModels } from './registered-models.ts';
import { chooseOffers } from './steps/choose-offers.ts';
import { collectOutcomes } from './steps/collect-outcomes.ts';
import { compareLists } from './steps/compare-lists.ts';
import { decide } from './steps/decide.ts';
import { deliver } from './steps/deliver.ts';
import { evaluate } from './steps/evaluate.ts';
import { evaluationReport } from './steps/evaluation-report.ts';
import { findGaps } from './steps/find-gaps.ts';
import { ingest } from './steps/ingest.ts';
import { ingestDocuments } from './steps/ingest-documents.ts';
import { ingestOutcomes } from './steps/ingest-outcomes.ts';
import { judgeRollouts } from './steps/judge-rollouts.ts';
import { kpis } from './steps/kpis.ts';
import { marketList } from './steps/market-list.ts';
import { monitor } from './steps/monitor.ts';
import { planTraining } from './steps/plan-training.ts';
import { predict } from './steps/predict.ts';
import { preprocess } from './steps/preprocess.ts';
import { profile } from './steps/profile.ts';
import { publish } from './steps/publish.ts';
import { publishResponse } from './steps/publish-response.ts';
import { report } from './steps/report.ts';
import { servingModel } from './steps/serving-model.ts';
import { trainGaps } from './steps/train-gaps.ts';
import { response } from './steps/train-response.ts';
import { represent, train } from './steps/training.ts';
import { validate } from './steps/validate.ts';

/** What each customer of each market buys next, and what it has never bought here: daily, from sales and texts. */
export const offers = definePipeline({
  id: 'offers',
  title: 'Offers',
  description: 'Which products each customer of each market buys next, and which it has never bought here.',
  params: OffersParams,
  partition: { date: 'asOf', key: 'market' },
  figures: [
    { name: 'customers', label: 'Customers with lists', unit: 'count' },
    { name: 'expected_revenue', label: 'Expected revenue', unit: 'amount' },
    { name: 'offers', label: 'Offers chosen', unit: 'count' },
    { name: 'offers_margin', label: 'Margin expected of offers', unit: 'amount' },
    { name: 'realised_hit', label: 'Customers who bought from their list', unit: 'percent' },
    { name: 'realised_revenue_share', label: 'Revenue come true, of expected', unit: 'percent' },
    { name: 'share_new', label: 'Products new to the customer', unit: 'percent' },
    { name: 'coverage', label: 'Assortment shown in lists', unit: 'percent' },
  ],
  models: registeredModels,
  policies: [offersPolicy],
  steps: {
    ingest,
    'ingest-outcomes': ingestOutcomes,
    'collect-outcomes': collectOutcomes,
    'ingest-documents': ingestDocuments,
    validate,
    preprocess,
    'plan-training': planTraining,
    'represent-holdout': represent('before-holdout'),
    'train-holdout': train('before-holdout', 'represent-holdout'),
    evaluate,
    represent: represent('everything'),
    train: train('everything', 'represent'),
    profile,
    publish,
    'judge-rollouts': judgeRollouts,
    'serving-model': servingModel,
    predict,
    deliver,
    'compare-lists': compareLists,
    'train-response': response,
    'publish-response': publishResponse,
    'choose-offers': chooseOffers,
    'market-list': marketList,
    'train-gaps': trainGaps,
    'find-gaps': findGaps,
    kpis,
    monitor,
    decide,
    'evaluation-report': evaluationReport,
    report,
  },
});
