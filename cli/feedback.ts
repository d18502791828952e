import type { FeedbackDay } from '../contracts/feedback.ts';
import type { OutcomeQuality } from '../contracts/outcomes.ts';
import type { CorrectionsReport } from '../domain/feedback/index.ts';
import { table } from './terminal.ts';

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);
const figure = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));

export function correctionsText({ rows, accepted, joined, waiting, refused, faults }: CorrectionsReport): string {
  const others = accepted - joined - waiting;
  const parts = [
    `${accepted} corrections taken`,
    `${joined} joined to their answers`,
    ...(waiting > 0 ? [`${waiting} wait for theirs`] : []),
    ...(others > 0 ? [`${others} of unknown answers`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  return [
    `${rows} rows: ${parts.join(', ')}.`,
    ...faults.map(({ row, field, value, message }) => `  line ${row}: ${field} "${value}" ${message}`),
    ...(refused > faults.length ? [`  … ${refused - faults.length} more`] : []),
  ].join('\n');
}

export function translationFeedbackText(days: readonly FeedbackDay[]): string {
  return table(
    ['day', 'pair', 'version', 'answers', 'corrected', 'rate', 'chrF', 'edits', 'untouched'],
    days.map((d) => [
      ...[
        d.day,
        d.pair,
        d.modelVersion,
        d.answers,
        d.corrected,
        percent(d.answers === 0 ? null : d.corrected / d.answers),
      ],
      ...[figure(d.chrf, 1), percent(d.editRate), percent(d.untouched)],
    ]),
    {
      right: ['version', 'answers', 'corrected', 'rate', 'chrF', 'edits', 'untouched'],
      empty: 'No answers of these days are logged.',
    },
  );
}

export function outcomeQualityText(quality: readonly OutcomeQuality[]): string {
  return table(
    ['market', 'version', 'offers', 'outcomes', 'sold', 'predicted', 'Brier', 'skill', 'off by', 'without offer'],
    quality.map((q) => [
      ...[q.market, q.modelVersion, q.offers, q.outcomes, percent(q.conversion), percent(q.predicted)],
      ...[figure(q.brier, 4), percent(q.brierSkill), percent(q.calibrationError)],
      q.heldOut === 0 ? '–' : `${percent(q.heldOutConversion)} of ${q.heldOut}`,
    ]),
    {
      right: ['version', 'offers', 'outcomes', 'sold', 'predicted', 'Brier', 'skill', 'off by', 'without offer'],
      empty: 'No offers were chosen for these days.',
    },
  );
}
