import { Counter, Histogram, type Registry } from 'prom-client';

export interface EventObserver {
  /** An attempt to deliver an event has ended. */
  delivered(outcome: 'processed' | 'failed', seconds: number): void;
  /** A rule has looked at an event or a deadline. */
  evaluated(rule: string, outcome: string): void;
}

/** Metrics of a process that delivers events. */
export function eventMetrics(registry: Registry): EventObserver {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'perennial_event_deliveries_total',
    help: 'Attempts to deliver events to those who work on them: processed, or failed and tried again.',
    labelNames: ['outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'perennial_event_delivery_duration_seconds',
    help: 'Time of an attempt to deliver an event.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const evaluations = new Counter({
    name: 'perennial_rule_evaluations_total',
    help: 'Looks of rules at events and deadlines, by outcome: fired, deadline, waiting, matched, ignored or error.',
    labelNames: ['rule', 'outcome'],
    registers,
  });
  return {
    delivered(outcome, seconds) {
      deliveries.inc({ outcome });
      duration.observe(seconds);
    },
    evaluated: (rule, outcome) => evaluations.inc({ rule, outcome }),
  };
}

/** Counts webhooks by source and outcome: stored, known (sent before), challenge, or the code of the error. */
export function webhookMetrics(registry: Registry): (source: string, outcome: string) => void {
  const webhooks = new Counter({
    name: 'perennial_webhooks_total',
    help: 'Webhooks by source and outcome: stored, known (sent before), challenge, or the code why it was refused; without a source when there is none of that name.',
    labelNames: ['source', 'outcome'],
    registers: [registry],
  });
  return (source, outcome) => webhooks.inc({ source: outcome === 'NOT_FOUND' ? '' : source, outcome });
}
