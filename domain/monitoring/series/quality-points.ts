import type { MetricPoint } from '../../../contracts/metrics.ts';
import type { QualityFinding } from '../quality/index.ts';
import { families, type MonitoredWindow, pointOf } from './window.ts';

/**
 * The figures of a window's data quality: each finding as `quality.<check>` (the value is what was observed, the threshold what
 * was expected), and how many there are as `quality.findings`, also when there are none. Of a column and check the worst counts.
 */
export function qualityPoints(window: MonitoredWindow, findings: readonly QualityFinding[]): MetricPoint[] {
  const worst = new Map<string, MetricPoint>();
  for (const { check, column, severity, observed, expected, text } of findings) {
    const key = `${check}/${column ?? ''}`;
    if (worst.get(key)?.alarm === 'error') continue;
    worst.set(
      key,
      pointOf(window, {
        name: `${families.quality}.${check}`,
        subject: column ?? '',
        value: observed ?? 1,
        threshold: expected,
        alarm: severity,
        text,
      }),
    );
  }
  return [...worst.values(), pointOf(window, { name: `${families.quality}.findings`, value: findings.length })];
}
