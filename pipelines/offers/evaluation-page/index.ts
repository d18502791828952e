import type { Static } from 'typebox';
import { type Page, renderPage } from '../../../domain/report-page/index.ts';
import type {
  ChosenOutput,
  EvaluateOutput,
  PredictOutput,
  PublishedResponse,
  PublishOutput,
  ResponseOutput,
} from '../outputs.ts';
import { judgedSections } from './judged-sections.ts';
import { offersSection, responseSection } from './offer-sections.ts';
import { amount, count, figure, interval, share, stateOf, times } from './words.ts';

export interface EvaluationContent {
  readonly runId: string;
  readonly asOf: string;
  /** Null when the run did not train. */
  readonly evaluation: EvaluateOutput | null;
  readonly published: Static<typeof PublishOutput> | null;
  /** The run that trained the version which made the lists. */
  readonly trainedBy: string;
  readonly predicted: Readonly<Record<string, PredictOutput>>;
  readonly response: ResponseOutput | null;
  readonly publishedResponse: Static<typeof PublishedResponse> | null;
  readonly chosen: Readonly<Record<string, Static<typeof ChosenOutput>>>;
}

/** The evaluation of a run as a page; the same content gives the same bytes. */
export async function evaluationPage(content: EvaluationContent): Promise<string> {
  const { asOf, runId, evaluation, published, response, publishedResponse, chosen } = content;
  return renderPage({
    title: `Offers of ${asOf}: evaluation`,
    badge: badgeOf(evaluation, published),
    state: evaluation ? stateOf(evaluation, published) : untrained(content),
    figures: evaluation ? judgedFigures(evaluation) : listFigures(content),
    sections: [
      ...(evaluation ? await judgedSections(evaluation) : []),
      ...(evaluation ? [] : [listsSection(content)]),
      ...offersSection(chosen),
      ...(response?.evaluation ? [await responseSection(response.evaluation, publishedResponse)] : []),
    ],
    source: `Run ${runId} of the pipeline offers; only data before ${asOf} were used. Intervals are by a bootstrap of customers.`,
  });
}

function badgeOf(evaluation: EvaluateOutput | null, published: Static<typeof PublishOutput> | null): Page['badge'] {
  if (!evaluation) return { mark: '–', text: 'Not trained' };
  if (published?.promoted) return { mark: '✓', text: 'Promoted' };
  return { mark: '–', text: published?.rollouts?.length ? 'In rollout' : 'Not promoted' };
}

const marketsOf = ({ predicted }: EvaluationContent) => Object.entries(predicted);
const sumOf = (content: EvaluationContent, of: (p: PredictOutput) => number): number =>
  marketsOf(content).reduce((sum, [, p]) => sum + of(p), 0);

function untrained(content: EvaluationContent): string {
  const [first] = marketsOf(content);
  const by = first ? `Version ${first[1].modelVersion}, trained by run ${content.trainedBy}, made` : 'No version made';
  return `No model was trained in this run. ${by} lists for ${count(
    sumOf(content, (p) => p.customers),
    'customer',
  )} in ${count(marketsOf(content).length, 'market')}; how it was judged stands in the report of that run.`;
}

function judgedFigures({ all, fresh, baselines, lists }: EvaluateOutput): Page['figures'] {
  const { overPopularity } = lists.all.lift;
  return [
    {
      name: 'NDCG@10',
      value: figure(all.ndcg),
      note: `${figure(baselines.personalFrequency.ndcg)} by what each bought most often`,
    },
    {
      name: 'NDCG@10, new products',
      value: figure(fresh.ndcg),
      note: `${figure(baselines.popularityFresh.ndcg)} by what is popular`,
    },
    {
      name: 'Hits against popularity',
      value: overPopularity ? times(overPopularity.mean) : '–',
      note: overPopularity
        ? `95 % between ${interval(overPopularity, times).replace(' to ', ' and ')}`
        : 'too few hits to say',
    },
    {
      name: 'Expected revenue',
      value: amount(lists.all.expected),
      note: `${amount(lists.all.realised)} realised`,
    },
  ];
}

function listFigures(content: EvaluationContent): Page['figures'] {
  const [first] = marketsOf(content);
  return [
    { name: 'Customers with lists', value: sumOf(content, (p) => p.customers).toLocaleString('en'), note: '' },
    {
      name: 'Expected revenue',
      value: amount(sumOf(content, (p) => p.expectedRevenue)),
      note: first ? `within ${first[1].horizonDays} days` : '',
    },
  ];
}

function listsSection(content: EvaluationContent): Page['sections'][number] {
  return {
    title: 'Lists by market',
    lead: 'Expected revenue is that of all listed products, in units of the currency.',
    plots: [],
    table: {
      head: ['market', 'customers', 'version', 'new among listed', 'expected revenue'],
      rows: marketsOf(content)
        .sort(([, a], [, b]) => b.expectedRevenue - a.expectedRevenue)
        .map(([market, p]) => [market, p.customers, p.modelVersion, share(p.shareNew, 0), amount(p.expectedRevenue)]),
    },
  };
}
