import type { CloudEvent } from '../contracts/events.ts';
import { traceparentName } from '../contracts/tracing.ts';
import type { RuleLedger } from '../domain/ports/rules.ts';
import type { EventObserver } from '../telemetry/metrics/events.ts';
import { traced, tracedMessage } from '../telemetry/tracing.ts';

/** Delivers a stored event as part of the trace that brought it, however long ago that was. */
export async function observedDelivery(
  { id, source, type, extensions }: CloudEvent,
  observer: EventObserver | undefined,
  work: () => Promise<void>,
): Promise<void> {
  const from = performance.now();
  const ended = (outcome: 'processed' | 'failed'): void =>
    observer?.delivered(outcome, (performance.now() - from) / 1000);
  const parent = extensions?.[traceparentName];
  const attributes = {
    'cloudevents.event_id': id,
    'cloudevents.event_source': source,
    'cloudevents.event_type': type,
  };
  try {
    await tracedMessage('process', 'events', { attributes, ...(typeof parent === 'string' ? { parent } : {}) }, work);
    ended('processed');
  } catch (error) {
    ended('failed');
    throw error;
  }
}

/** Rules whose evaluations are spans and are counted: what they start goes on from there. */
export function observedRules(rules: RuleLedger, observer: EventObserver | undefined): RuleLedger {
  return {
    ...rules,
    evaluate(rule, key, subject, look) {
      const attributes = {
        'perennial.rule.id': rule.id,
        'perennial.rule.version': rule.version,
        'perennial.rule.key': key,
      };
      return traced('evaluate rule', { attributes }, async (span) => {
        const evaluations = await rules.evaluate(rule, key, subject, look);
        for (const { outcome } of evaluations) observer?.evaluated(rule.id, outcome);
        const last = evaluations.at(-1);
        if (last) span?.setAttributes({ 'perennial.rule.outcome': last.outcome, 'perennial.rule.why': last.why });
        return evaluations;
      });
    },
    async note(rule, evaluation) {
      await rules.note(rule, evaluation);
      observer?.evaluated(rule.id, evaluation.outcome);
    },
  };
}
