import type { Static } from 'typebox';
import { reliabilityPlot, type Section } from '../../../domain/report-page/index.ts';
import type { ChosenOutput, PublishedResponse, ResponseEvaluation } from '../outputs.ts';
import { amount, count, share } from './words.ts';

type Chosen = Static<typeof ChosenOutput>;

/** What was chosen in each market; none where no offer was. */
export function offersSection(chosen: Readonly<Record<string, Chosen>>): Section[] {
  const markets = Object.entries(chosen).sort(([, a], [, b]) => b.incrementalMargin - a.incrementalMargin);
  if (markets.length === 0) return [];
  const sum = (of: (c: Chosen) => number): number => markets.reduce((total, [, c]) => total + of(c), 0);
  const offers = sum((c) => c.offers);
  return [
    {
      title: 'Chosen offers',
      lead: `${count(offers, 'offer')} ${offers === 1 ? 'is' : 'are'} expected to add ${amount(sum((c) => c.incrementalMargin))} of margin for ${amount(sum((c) => c.spend))} of discounts.`,
      plots: [],
      table: {
        head: ['market', 'offers', 'customers', 'held out', 'added margin', 'discounts', 'revenue'],
        rows: markets.map(([market, c]) => [
          market,
          c.offers,
          c.customers,
          c.heldOut,
          amount(c.incrementalMargin),
          amount(c.spend),
          amount(c.revenue),
        ]),
      },
    },
  ];
}

/** How the model of the response was judged on later offers than it learned from. */
export async function responseSection(
  evaluation: ResponseEvaluation,
  published: Static<typeof PublishedResponse> | null,
): Promise<Section> {
  const { offers, auc, calibrationError, bins, uplift } = evaluation;
  const became = published?.version
    ? ` Version ${published.version} ${published.promoted ? 'is the champion' : 'stays a challenger'}: ${published.reason}.`
    : '';
  return {
    title: 'Response to offers',
    lead: `Judged on ${count(offers, 'later offer')}: the mean distance of probability and share sold is ${share(calibrationError, 2)}.${became}`,
    plots: [
      {
        title: 'Probability of a sale said, and share sold',
        svg: await reliabilityPlot({
          points: bins.map(({ predicted, observed }) => ({ predicted, observed, mark: 'filled' })),
          titles: { x: 'probability that was said', y: 'share that was sold' },
        }),
        legend: [
          { mark: 'filled', text: 'tenths of the offers' },
          { mark: 'line', text: 'right' },
        ],
        table: {
          head: ['tenth', 'offers', 'probability', 'sold'],
          rows: bins.map((bin, i) => [i + 1, bin.rows, share(bin.predicted), share(bin.observed)]),
        },
      },
    ],
    table: {
      head: ['measure', 'value', '95 % interval'],
      rows: [
        ...(auc === null ? [] : [['area under the ROC curve', auc.toFixed(3), '']]),
        ...(uplift
          ? [
              ['uplift of all, in points of the sale rate', share(uplift.all), ''],
              [
                'uplift of the tenth with the highest scores',
                share(uplift.topDecile.mean),
                `${share(uplift.topDecile.lower95)} to ${share(uplift.topDecile.upper95)}`,
              ],
              [
                'Qini coefficient',
                uplift.qini.mean.toFixed(4),
                `${uplift.qini.lower95.toFixed(4)} to ${uplift.qini.upper95.toFixed(4)}`,
              ],
              ['Qini of who is likeliest to buy anyway', uplift.qiniUntargeted.toFixed(4), ''],
            ]
          : [['uplift', 'too few random holdouts', '']]),
      ],
    },
  };
}
