import type { DigestFigure } from '../../contracts/digest.ts';
import type { Kpi } from '../../contracts/offers.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { dayNumber } from '../monitoring/days.ts';

/** After a weekend the day before is three days ago. */
const yesterdayDays = 3;
const weekDays = 7;

/** A market's figures on a day, beside those of the days before. The key figures are of one market. */
export function figuresOf(pipeline: AnyPipeline | undefined, kpis: readonly Kpi[], date: string): DigestFigure[] {
  const names = [...new Set(kpis.filter((kpi) => kpi.date === date).map(({ name }) => name))];
  const wanted =
    pipeline?.figures ??
    names.sort().map((name) => ({ name, label: name.replaceAll('_', ' '), unit: 'number' as const }));
  return wanted.flatMap(({ name, label, unit }): DigestFigure[] => {
    const own = kpis.filter((kpi) => kpi.name === name);
    const value = own.find((kpi) => kpi.date === date)?.value;
    if (value === undefined) return [];
    const before = own.filter((kpi) => kpi.date < date && daysBetween(kpi.date, date) <= yesterdayDays);
    const [newest] = before.sort((a, b) => (a.date < b.date ? 1 : -1));
    const weekAgo = own.find((kpi) => daysBetween(kpi.date, date) === weekDays);
    return [{ name, label, unit, value, yesterday: newest?.value ?? null, lastWeek: weekAgo?.value ?? null }];
  });
}

function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}
