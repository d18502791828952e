import type { Alert, AlertSeverity, Silence } from '../../contracts/alerts.ts';
import { alertSeverities } from '../../contracts/rules.ts';
import { fits as fitsPattern } from '../events/rules/match.ts';

/** Whether a text fits one of the patterns, in which `*` stands for any text; no patterns: any text does. */
export function fits(patterns: readonly string[] | undefined, text: string | null): boolean {
  return !patterns || patterns.some((pattern) => fitsPattern(pattern, text ?? ''));
}

export function severityRank(severity: AlertSeverity): number {
  return alertSeverities.indexOf(severity);
}

type Matched = Pick<Alert, 'definition' | 'pipeline' | 'market' | 'key' | 'severity'>;

/** The silence in force that an alert falls under, the longest of several. */
export function silenceOf(alert: Matched, silences: readonly Silence[], now: Date): Silence | null {
  const isOf = (pattern: string | undefined, text: string | null): boolean =>
    pattern === undefined || fitsPattern(pattern, text ?? '');
  const matching = silences.filter(
    ({ match, until, endedAt }) =>
      endedAt === null &&
      Date.parse(until) > now.getTime() &&
      isOf(match.alert, alert.definition) &&
      isOf(match.pipeline, alert.pipeline) &&
      isOf(match.market, alert.market) &&
      isOf(match.key, alert.key) &&
      (match.severity === undefined || match.severity === alert.severity),
  );
  return matching.sort((a, b) => (a.until < b.until ? 1 : -1))[0] ?? null;
}
