import {
  checkFreshness,
  checkVolume,
  type DayVolume,
  type QualityFinding,
} from '../../../domain/monitoring/quality/index.ts';
import type { PartitionInfo } from '../../../domain/ports/lake.ts';
import { dateOf, dayAfter, dayNumber } from '../days.ts';

/** Past days with sales that say how long none may come. */
const arrivals = 60;

/** Whether the sales of the day before `asOf` have come, and are as many as its weekday lets expect: by market, and '' for all. */
export function volumeFindings(sales: readonly PartitionInfo[], asOf: string): Map<string, QualityFinding[]> {
  const byMarket = new Map<string, Map<string, number>>([['', new Map()]]);
  for (const { partition, rows } of sales) {
    const { market = '', date = '' } = partition;
    if (date >= asOf) continue;
    for (const key of new Set(['', market])) {
      const days = byMarket.get(key) ?? new Map<string, number>();
      days.set(date, (days.get(date) ?? 0) + rows);
      byMarket.set(key, days);
    }
  }
  const day = dateOf(dayNumber(asOf) - 1);
  return new Map(
    [...byMarket].map(([market, days]) => {
      const dates = [...days.keys()].sort();
      const first = dates[0];
      // A day without sales is a day of 0 rows: closed weekdays are known by it.
      const past: DayVolume[] = [];
      for (let at = dayNumber(first ?? asOf); at < dayNumber(day); at++)
        past.push({ date: dateOf(at), rows: days.get(dateOf(at)) ?? 0 });
      const volume = checkVolume({ date: day, rows: days.get(day) ?? 0 }, past);
      const newest = dates.at(-1);
      const endOf = (date: string): Date => new Date(dayAfter(date));
      const freshness =
        newest === undefined
          ? []
          : checkFreshness(endOf(newest), new Date(asOf), { arrivals: dates.slice(-arrivals).map(endOf) });
      const found = [...volume, ...freshness];
      if (market === '') return [market, found];
      // A market that is closed for a day keeps nobody from using the others.
      return [market, found.map((one) => ({ ...one, severity: 'warning' as const, text: `${market}: ${one.text}` }))];
    }),
  );
}
