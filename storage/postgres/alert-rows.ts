import type { Alert, AlertText } from '../../contracts/alerts.ts';
import { iso } from './client.ts';

/** A row of `alerts` as the pg driver gives it. */
export interface AlertRow {
  readonly id: string;
  readonly definition: string;
  readonly definition_version: number;
  readonly key: string;
  readonly pipeline: string | null;
  readonly market: string | null;
  readonly severity: Alert['severity'];
  readonly state: Alert['state'];
  readonly text: AlertText;
  readonly findings: Alert['findings'];
  readonly finding_count: number;
  readonly since: Date;
  readonly fired_at: Date;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly escalated_at: Date | null;
  readonly resolved_at: Date | null;
  readonly resolution: string | null;
  readonly silenced_by: string | null;
  readonly notified_at: Date | null;
  readonly version: number;
  readonly traceparent: string | null;
}

export function toAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    definition: row.definition,
    definitionVersion: row.definition_version,
    key: row.key,
    pipeline: row.pipeline,
    market: row.market,
    severity: row.severity,
    state: row.state,
    text: row.text,
    findings: row.findings,
    findingCount: row.finding_count,
    since: iso(row.since),
    firedAt: iso(row.fired_at),
    acknowledgedAt: iso(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
    escalatedAt: iso(row.escalated_at),
    resolvedAt: iso(row.resolved_at),
    resolution: row.resolution,
    silencedBy: row.silenced_by,
    notifiedAt: iso(row.notified_at),
  };
}
