import type { AlertDefinition } from '../../contracts/alerts.ts';

/** What is watched without anybody asking for it. Each can be disabled; another id makes one that differs. */
export const builtInAlerts: readonly AlertDefinition[] = [
  { id: 'run-failed', severity: 'warning', when: { kind: 'run-failed' } },
  { id: 'run-late', severity: 'warning', when: { kind: 'run-late' } },
  { id: 'run-lost', severity: 'critical', when: { kind: 'run-lost' } },
  { id: 'run-stalled', severity: 'critical', when: { kind: 'run-stalled' } },
  { id: 'deadline-missed', severity: 'critical', when: { kind: 'deadline', states: ['missed'] } },
  { id: 'deadline-at-risk', severity: 'warning', when: { kind: 'deadline', states: ['expected-late'] } },
  { id: 'worker-dead', severity: 'warning', when: { kind: 'worker-dead' } },
  { id: 'runs-waiting', severity: 'warning', when: { kind: 'queue-age', queue: 'runs', after: '1h' } },
  { id: 'events-waiting', severity: 'critical', when: { kind: 'queue-age', queue: 'events', after: '5m' } },
  { id: 'events-given-up', severity: 'warning', when: { kind: 'queue-age', queue: 'dead-letters', after: '1s' } },
  { id: 'messages-waiting', severity: 'warning', when: { kind: 'queue-age', queue: 'notifications', after: '10m' } },
  {
    id: 'messages-given-up',
    severity: 'warning',
    when: { kind: 'queue-age', queue: 'failed-notifications', after: '1s' },
  },
  { id: 'data-drift', severity: 'warning', when: { kind: 'series', metric: 'drift.*' } },
  { id: 'data-quality', severity: 'warning', when: { kind: 'series', metric: 'quality.*' } },
  { id: 'key-figure-unusual', severity: 'warning', when: { kind: 'series', metric: 'kpi.*' } },
  {
    id: 'rollout-rolled-back',
    severity: 'warning',
    when: { kind: 'event', type: 'rollout.rolled-back' },
  },
  { id: 'rollout-paused', severity: 'warning', when: { kind: 'event', type: 'rollout.paused' } },
  { id: 'schedule-failed', severity: 'warning', when: { kind: 'event', type: 'schedule.failed' } },
  { id: 'rule-alert', severity: 'warning', when: { kind: 'event', type: 'alert.raised' } },
];
