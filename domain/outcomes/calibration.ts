import type { OfferCalibration } from '../../contracts/outcomes.ts';
import { wilsonInterval } from '../calibration/wilson.ts';
import type { OutcomeRepository, ReliabilityFilter } from '../ports/outcomes.ts';

/** Outcomes in a bin, where there are as many: of fewer, a share says next to nothing. */
const leastOfBin = 20;

/**
 * Whether a market's offers sold as often as was predicted, over offers whose outcome is known: a reliability diagram with the
 * expected calibration error (Naeini et al. 2015, over bins of equal mass).
 */
export async function offerCalibration(
  outcomes: Pick<OutcomeRepository, 'reliability' | 'chosen'>,
  filter: ReliabilityFilter,
): Promise<OfferCalibration> {
  const [cells, chosen] = await Promise.all([outcomes.reliability(filter, leastOfBin), outcomes.chosen(filter)]);
  const { market, from, to, modelVersion = null } = filter;
  const bins = cells.map(({ rows, sold, lowest, highest, predicted }) => ({
    ...{ rows, sold, lowest, highest, predicted },
    observed: sold / rows,
    interval: wilsonInterval(sold, rows),
  }));
  const known = bins.reduce((sum, { rows }) => sum + rows, 0);
  const mean = (value: (bin: (typeof bins)[number]) => number): number | null =>
    known === 0 ? null : bins.reduce((sum, bin) => sum + bin.rows * value(bin), 0) / known;
  const offers = chosen
    .filter((one) => modelVersion === null || one.modelVersion === modelVersion)
    .reduce((sum, one) => sum + one.offers, 0);
  return {
    ...{ market, from, to, modelVersion },
    // An offer may have been made on a day after the one that it was chosen for.
    offers: Math.max(offers, known),
    outcomes: known,
    predicted: mean(({ predicted }) => predicted),
    observed: mean(({ observed }) => observed),
    calibrationError: mean(({ predicted, observed }) => Math.abs(predicted - observed)),
    bins,
  };
}
