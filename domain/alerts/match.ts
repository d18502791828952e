import type { Alert, AlertSeverity, Silence } from '../../contracts/alerts.ts';
import { alertSeverities } from '../../contracts/rules.ts';

/** Whether a text fits one of the patterns, in which `*` stands for any text; no patterns: any text does. */
export function fits(patterns: readonly string[] | undefined, text: string | null): boolean {
  if (!patterns) return true;
  return patterns.some((pattern) => {
    const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${source}$`, 's').test(text ?? '');
  });
}

export function severityRank(severity: AlertSeverity): number {
  return alertSeverities.indexOf(severity);
}

type Matched = Pick<Alert, 'definition' | 'pipeline' | 'market' | 'key' | 'severity'>;

/** The silence in force that an alert falls under, the longest of several. */
export function silenceOf(alert: Matched, silences: readonly Silence[], now: Date): Silence | null {
  const matching = silences.filter(
    ({ match, until, endedAt }) =>
      endedAt === null &&
      Date.parse(until) > now.getTime() &&
      fits(match.alert === undefined ? undefined : [match.alert], alert.definition) &&
      fits(match.pipeline === undefined ? undefined : [match.pipeline], alert.pipeline) &&
      fits(match.market === undefined ? undefined : [match.market], alert.market) &&
      fits(match.key === undefined ? undefined : [match.key], alert.key) &&
      (match.severity === undefined || match.severity === alert.severity),
  );
  return matching.sort((a, b) => (a.until < b.until ? 1 : -1))[0] ?? null;
}
