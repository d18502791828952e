import {
  barPlot,
  dotPlot,
  type Plot,
  reliabilityPlot,
  type Section,
  type Table,
} from '../../../domain/report-page/index.ts';
import type { EvaluateOutput, JudgedLists } from '../outputs.ts';
import { amount, count, figure, interval, share, times } from './words.ts';

/** Markets that a plot shows; the table behind it has all. */
const shownMarkets = 20;
/** Customers below which the mean of a market is chance. */
const leastCustomers = 5;

/** The sections of a model that was judged on held-out days. */
export async function judgedSections(evaluation: EvaluateOutput): Promise<Section[]> {
  const { all, fresh } = evaluation.lists;
  return [
    await ranking(evaluation),
    await calibration(all, fresh),
    await liftByDecile(all, fresh),
    await liftByMarket(all),
    await revenueByMarket(all, evaluation.horizonDays),
  ];
}

async function ranking({ markets, baselines, all, fresh }: EvaluateOutput): Promise<Section> {
  const largest = Object.entries(markets).sort(([, a], [, b]) => b.all.customers - a.all.customers);
  const shown = largest.filter(([, m]) => m.all.customers >= leastCustomers).slice(0, shownMarkets);
  const plot = async (name: 'NDCG@10' | 'Recall@10', of: 'ndcg' | 'recall'): Promise<Plot> => ({
    title: `${name} by market`,
    svg: await dotPlot({
      rows: shown.map(([label, market]) => ({
        label,
        points: [
          { value: market.all[of], mark: 'filled' },
          ...(market.fresh.customers >= leastCustomers ? [{ value: market.fresh[of], mark: 'hollow' } as const] : []),
        ],
      })),
      title: name,
      format: '.2f',
    }),
    legend: [
      { mark: 'filled', text: 'all products' },
      { mark: 'hollow', text: 'products never bought before' },
    ],
    table: {
      head: ['market', 'customers', 'all products', 'buyers of new products', 'new products'],
      rows: largest.map(([market, m]) => [
        market,
        m.all.customers,
        figure(m.all[of]),
        m.fresh.customers,
        m.fresh.customers > 0 ? figure(m.fresh[of]) : '–',
      ]),
    },
  });
  const left = largest.length - shown.length;
  return {
    title: 'How well lists are ordered',
    lead: `Of ${count(all.customers, 'customer')} that bought in the held-out days. NDCG@10 is 1 when all that was bought stands at the top of the list of ten; recall@10 is the share of it that stands on the list. ${left > 0 ? `${count(left, 'market')} with few customers ${left === 1 ? 'is' : 'are'} in the tables only.` : ''}`.trim(),
    plots: shown.length > 0 ? [await plot('NDCG@10', 'ndcg'), await plot('Recall@10', 'recall')] : [],
    table: {
      head: ['lists', 'NDCG@10', 'recall@10', 'customers with a hit', 'customers'],
      rows: (
        [
          ['the model', all],
          ['what each customer bought most often', baselines.personalFrequency],
          ['what most customers have bought', baselines.popularity],
          ['the model, new products', fresh],
          ['what most customers have bought, new products', baselines.popularityFresh],
        ] as const
      ).map(([name, s]) => [name, figure(s.ndcg), figure(s.recall), share(s.hit), s.customers]),
    },
  };
}

async function calibration(all: JudgedLists, fresh: JudgedLists): Promise<Section> {
  const points = (lists: JudgedLists, mark: 'filled' | 'hollow') =>
    lists.bins.map(({ predicted, observed }) => ({ predicted, observed, mark }));
  const rows = (name: string, { bins }: JudgedLists): Table['rows'] =>
    bins.map((bin, i) => [name, i + 1, bin.rows, share(bin.predicted, 2), share(bin.observed, 2)]);
  return {
    title: 'Whether probabilities are right',
    lead: `Of all listed products, in tenths by probability, what share was bought. The mean distance is ${share(all.calibrationError, 2)} for all products and ${share(fresh.calibrationError, 2)} for new ones. Each probability was learned from other customers than it is compared with.`,
    plots: [
      {
        title: 'Probability said and share bought',
        svg: await reliabilityPlot({
          points: [...points(all, 'filled'), ...points(fresh, 'hollow')],
          titles: { x: 'probability that was said', y: 'share that was bought' },
        }),
        legend: [
          { mark: 'filled', text: 'all products' },
          { mark: 'hollow', text: 'new products' },
          { mark: 'line', text: 'right' },
        ],
        table: {
          head: ['lists', 'tenth', 'listed', 'probability', 'bought'],
          rows: [...rows('all products', all), ...rows('new products', fresh)],
        },
      },
    ],
  };
}

async function liftByDecile(all: JudgedLists, fresh: JudgedLists): Promise<Section> {
  const plot = async (title: string, { lift }: JudgedLists): Promise<Plot[]> =>
    lift.deciles.some((d) => d.lift)
      ? [
          {
            title,
            svg: await barPlot({
              rows: lift.deciles.map((d) => ({
                label: String(d.decile),
                value: d.lift?.mean ?? 0,
                ...(d.lift ? { low: d.lift.lower95, high: d.lift.upper95 } : {}),
              })),
              titles: { x: 'tenth of the listed products, likeliest first', y: 'times as many bought' },
              format: '.1~f',
              reference: 1,
            }),
            legend: [
              { mark: 'filled', text: 'with 95 % interval' },
              { mark: 'line', text: 'the most popular products of each market' },
            ],
            table: {
              head: ['tenth', 'listed', 'probability', 'bought', 'times', '95 % interval'],
              text: ['tenth'],
              rows: lift.deciles.map((d) => [
                d.decile,
                d.rows,
                share(d.predicted),
                share(d.observed),
                d.lift ? times(d.lift.mean) : '–',
                interval(d.lift, times),
              ]),
            },
          },
        ]
      : [];
  const plots = [...(await plot('All products', all)), ...(await plot('New products', fresh))];
  return {
    title: 'Lift by tenth of probability',
    lead:
      plots.length > 0
        ? 'The first ten products of every list, in tenths by probability: how many times as often they were bought as the ten most popular products of the market, which need no model.'
        : 'The most popular products of the markets were bought too rarely in the held-out days to compare with.',
    plots,
  };
}

async function liftByMarket({ lift }: JudgedLists): Promise<Section> {
  const largest = Object.entries(lift.markets).sort(([, a], [, b]) => b.customers - a.customers);
  const shown = largest.filter(([, m]) => m.overPopularity).slice(0, shownMarkets);
  const rows = [['all', lift] as const, ...largest].map(([market, m]) => [
    market,
    m.customers,
    m.hits,
    m.popularityHits,
    m.overPopularity ? times(m.overPopularity.mean) : '–',
    interval(m.overPopularity, times),
    m.frequencyHits ?? '–',
    m.overFrequency ? times(m.overFrequency.mean) : '–',
    interval(m.overFrequency, times),
  ]);
  const head = [
    'market',
    'customers',
    'hits',
    'of popular',
    'times',
    '95 % interval',
    'of frequent',
    'times',
    '95 % interval',
  ];
  return {
    title: 'Lift by market',
    lead: `Products on lists of ten that were bought: ${count(lift.hits, 'hit')} of the model, ${lift.popularityHits.toLocaleString('en')} of the most popular products of each market${lift.frequencyHits === null ? '' : `, ${lift.frequencyHits.toLocaleString('en')} of what each customer bought most often`}.`,
    plots:
      shown.length > 0
        ? [
            {
              title: 'Times as many hits as the most popular products',
              svg: await dotPlot({
                rows: shown.map(([label, m]) => ({
                  label,
                  points: [
                    {
                      value: m.overPopularity?.mean ?? 1,
                      low: m.overPopularity?.lower95 ?? 1,
                      high: m.overPopularity?.upper95 ?? 1,
                      mark: 'filled',
                    },
                  ],
                })),
                title: 'times as many',
                format: '.1~f',
                reference: 1,
              }),
              legend: [
                { mark: 'filled', text: 'with 95 % interval' },
                { mark: 'line', text: 'as many' },
              ],
              table: { head, rows },
            },
          ]
        : [],
    ...(shown.length > 0 ? {} : { table: { head, rows } }),
  };
}

async function revenueByMarket(
  { markets, expected, realised, calibrationError }: JudgedLists,
  horizonDays: number,
): Promise<Section> {
  const largest = Object.entries(markets).sort(([, a], [, b]) => b.realised - a.realised || b.expected - a.expected);
  const shown = largest.filter(([, m]) => m.realised > 0 && m.expected > 0).slice(0, shownMarkets);
  return {
    title: 'Expected and realised revenue',
    lead: `Of all listed products within ${horizonDays} days: ${amount(expected)} expected, ${amount(realised)} realised, in units of the currency. Single large orders decide small markets.`,
    plots:
      shown.length > 0
        ? [
            {
              title: 'Revenue by market',
              svg: await dotPlot({
                rows: shown.map(([label, m]) => ({
                  label,
                  points: [
                    { value: m.realised, mark: 'hollow' },
                    { value: m.expected, mark: 'filled' },
                  ],
                })),
                title: 'revenue, on a logarithmic scale',
                format: '~s',
                scale: 'log',
              }),
              legend: [
                { mark: 'filled', text: 'expected' },
                { mark: 'hollow', text: 'realised' },
              ],
              table: {
                head: ['market', 'expected', 'realised', 'expected to realised', 'probabilities off by'],
                rows: [['all', { expected, realised, calibrationError }] as const, ...largest].map(([market, m]) => [
                  market,
                  amount(m.expected),
                  amount(m.realised),
                  m.realised > 0 ? share(m.expected / m.realised, 0) : '–',
                  m.calibrationError === undefined ? '–' : share(m.calibrationError, 2),
                ]),
              },
            },
          ]
        : [],
  };
}
