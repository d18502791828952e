import type { LoggedPrediction } from '../../../contracts/feedback.ts';
import { categories, type Frame, unitsOf } from '../../monitoring/reference/index.ts';
import { hashedVector } from '../hashed-vector.ts';

/** Numbers of a text's vector. */
const width = 16;

/**
 * Answers of translation as a table that windows are compared by: what was asked (length, caller, the text as a vector), and
 * what was answered (length against the text's, confidence, origin, required terms and the share of them that was used). Days
 * are the units, so that a day's mood is no drift.
 */
export function answersFrame(answers: readonly LoggedPrediction[]): Frame {
  const numeric = (of: (answer: LoggedPrediction) => number) => ({
    type: 'numeric' as const,
    values: Float64Array.from(answers, of),
  });
  const vectors = new Float32Array(answers.length * width);
  for (const [row, { source }] of answers.entries()) vectors.set(hashedVector(source, width), row * width);
  return {
    rows: answers.length,
    units: unitsOf(answers.map(({ at }) => at.slice(0, 10))),
    columns: {
      characters: numeric(({ source }) => source.length),
      caller: categories(answers.map(({ caller }) => caller)),
      text: { type: 'embedding', values: vectors, width },
      terms: numeric(({ terms }) => terms.length),
      'prediction.length': numeric(({ source, answer }) => answer.length / Math.max(1, source.length)),
      'prediction.confidence': numeric(({ confidence }) => confidence),
      'prediction.origin': categories(answers.map(({ origin }) => origin)),
      'prediction.terms': numeric(({ terms }) =>
        terms.length === 0 ? Number.NaN : terms.filter(({ form }) => form !== 'missed').length / terms.length,
      ),
    },
  };
}
