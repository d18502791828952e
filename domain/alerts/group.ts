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

/** The key of the group that something found belongs to, by what the definition says. */
export function keyOf(
  { groupBy = [] }: AlertDefinition,
  { pipeline, market, subject, group = subject }: Found,
): string {
  // Several markets may be together: all of them.
  const parts = { pipeline, market: market === '' ? 'all' : market, subject: group };
  return groupBy.flatMap((by) => parts[by] ?? []).join('/') || 'all';
}

/** Divides what was found by {@link keyOf}, each group with the worst severity of its own. */
export function groupFound(definition: AlertDefinition, found: readonly Found[]): Group[] {
  const groups = new Map<string, Found[]>();
  for (const one of found) {
    const key = keyOf(definition, one);
    const members = groups.get(key);
    if (members) members.push(one);
    else groups.set(key, [one]);
  }
  return [...groups].map(([key, members]): Group => {
    const same = <T>(of: (one: Found) => T): T | null => {
      const [first, ...others] = new Set(members.map(of));
      return first !== undefined && others.length === 0 ? first : null;
    };
    const severities = members.map((one) => one.severity ?? definition.severity);
    return {
      key,
      pipeline: same((one) => one.pipeline),
      market: same((one) => one.market),
      severity: severities.reduce((worst, next) => (severityRank(next) > severityRank(worst) ? next : worst)),
      found: members.sort((a, b) => (a.since < b.since ? -1 : 1)),
    };
  });
}
