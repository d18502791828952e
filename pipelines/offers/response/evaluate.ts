import {
  areaUnderCurve,
  calibrationError,
  qini,
  qiniIntervals,
  type ResponseModel,
  type ResponseRows,
  saleProbabilities,
  upliftOf,
} from '../../../domain/offer-response/index.ts';
import type { ResponseEvaluation } from '../outputs.ts';

/** Offers of each group, offered and held out, below which no uplift is measured. */
const leastGroup = 50;

/** Judges a model on later offers than it learned from: probabilities on all, uplift where the holdout was random. */
export function evaluateResponse(
  model: ResponseModel,
  rows: ResponseRows,
  { heldOut, customer, seed }: { heldOut: Uint8Array; customer: Int32Array; seed: number },
): ResponseEvaluation {
  const probabilities = saleProbabilities(model, rows.features, rows.discount);
  const random = Array.from(rows.sale.keys()).filter((r) => heldOut[r] === 1 || rows.discount[r]! > 0);
  const treated = Uint8Array.from(random, (r) => 1 - heldOut[r]!);
  const offered = treated.reduce((sum, t) => sum + t, 0);
  const { error, bins } = calibrationError(probabilities, rows.sale);
  const area = areaUnderCurve(probabilities, rows.sale);
  const judged = { offers: rows.sale.length, auc: Number.isNaN(area) ? null : area, calibrationError: error, bins };
  if (offered < leastGroup || random.length - offered < leastGroup) return { ...judged, uplift: null };
  // One discount for all, so that the order is that of the customers and products alone.
  const mean = random.reduce((sum, r) => sum + rows.discount[r]!, 0) / offered;
  const level = (discount: number) => new Float64Array(rows.sale.length).fill(discount);
  const take = (scores: Float64Array) => Float64Array.from(random, (r) => scores[r]!);
  const sale = Uint8Array.from(random, (r) => rows.sale[r]!);
  const cluster = Int32Array.from(random, (r) => customer[r]!);
  const score = take(upliftOf(model, rows.features, level(mean)));
  const ours = qini({ score, treated, sale });
  const intervals = qiniIntervals({ score, treated, sale, cluster }, { seed });
  const untargeted = qini({ score: take(saleProbabilities(model, rows.features, level(0))), treated, sale });
  return {
    ...judged,
    uplift: {
      offered,
      heldOut: random.length - offered,
      all: ours.uplift,
      topDecile: intervals.topDecile,
      qini: intervals.coefficient,
      qiniUntargeted: untargeted.coefficient,
      curve: ours.curve.map((point) => ({ ...point })),
    },
  };
}
