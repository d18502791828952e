import type { BacktestDecision, JudgedDegradation } from '../../../contracts/backtests.ts';
import { dateOf, dayNumber } from '../days.ts';
import type { Degradation } from './degradations.ts';
import type { Training } from './types.ts';

/** A decision may come so many days after the last bad window it looks at, and a fall begin so many before it is found. */
const edgeDays = 2;

/** What the trainings a policy asked for have to do with degradations. */
export function judgeDegradations(
  degradations: readonly Degradation[],
  retrainings: readonly BacktestDecision[],
  recorded: readonly Training[],
): { readonly judged: JudgedDegradation[]; readonly falseRetrainings: string[] } {
  const byFigure = retrainings.filter(({ wanted }) => wanted.some((rule) => rule.startsWith('kpi:')));
  const isDuring = ({ from, to }: Degradation, day: string): boolean =>
    day >= dateOf(dayNumber(from) - edgeDays) && day <= dateOf(dayNumber(to) + edgeDays);
  const judged = degradations.map((degradation): JudgedDegradation => {
    const seen = byFigure.find(({ day }) => isDuring(degradation, day));
    // On its first day a training has learned nothing of it.
    const other = retrainings.find(({ day }) => day > degradation.from && isDuring(degradation, day));
    const found = seen ?? other;
    const ending = recorded.find(
      ({ promotedAt }) => promotedAt !== null && isDuring(degradation, promotedAt.slice(0, 10)),
    );
    return {
      ...degradation,
      status: seen ? 'caught' : other ? 'otherwise' : 'missed',
      at: found?.day ?? null,
      days: found ? Math.max(0, dayNumber(found.day) - dayNumber(degradation.from)) : null,
      endedBy: ending?.promotedAt?.slice(0, 10) ?? null,
    };
  });
  return {
    judged,
    falseRetrainings: byFigure
      .filter(({ day }) => !degradations.some((degradation) => isDuring(degradation, day)))
      .map(({ day }) => day),
  };
}
