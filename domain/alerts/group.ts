import type { AlertDefinition, AlertSeverity } from '../../contracts/alerts.ts';
import type { Found } from './found.ts';
import { severityRank } from './match.ts';

/** What was found of one definition and key: it makes one alert. */
export interface Group {
  readonly key: string;
  readonly pipeline: string | null;
  /** '' for all markets; null where findings of several are together, or none has any. */
  readonly market: string | null;
  readonly severity: AlertSeverity;
  /** Oldest first. */
  readonly found: readonly Found[];
}

/** Divides what was found by what the definition says, each group with the worst severity of its own. */
export function groupFound({ groupBy = [], severity }: AlertDefinition, found: readonly Found[]): Group[] {
  const groups = new Map<string, Found[]>();
  for (const one of found) {
    const parts = {
      pipeline: one.pipeline,
      // Several markets may be together: all of them.
      market: one.market === '' ? 'all' : one.market,
      subject: one.group ?? one.subject,
    };
    const key = groupBy.flatMap((by) => parts[by] ?? []).join('/') || 'all';
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].map(([key, members]): Group => {
    const same = <T>(of: (one: Found) => T): T | null => {
      const [first, ...others] = new Set(members.map(of));
      return first !== undefined && others.length === 0 ? first : null;
    };
    const severities = members.map((one) => one.severity ?? severity);
    return {
      key,
      pipeline: same((one) => one.pipeline),
      market: same((one) => one.market),
      severity: severities.reduce((worst, next) => (severityRank(next) > severityRank(worst) ? next : worst)),
      found: members.sort((a, b) => (a.since < b.since ? -1 : 1)),
    };
  });
}
