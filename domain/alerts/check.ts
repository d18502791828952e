import { createHash } from 'node:crypto';
import { type AlertDefinition, AlertDefinitionSchema, type AlertKind } from '../../contracts/alerts.ts';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import { alertEvents, eventTypes } from '../../contracts/events.ts';
import type { Duration } from '../dag/definition.ts';
import { toMs } from '../dag/duration.ts';
import { schemaFaults } from '../dag/params.ts';

/** A definition that holds, with all defaults filled in. */
export interface CheckedAlert {
  readonly definition: AlertDefinition;
  /** sha256 of the definition. */
  readonly hash: string;
}

/** Ids that are paths of the API. */
const reserved = ['diff'];
const mostMs = 30 * 86_400_000;

type Grouping = NonNullable<AlertDefinition['groupBy']>;
/** What divides alerts of a kind, when nothing is said: a worker that dies stops many markets at once. */
const groupings: Readonly<Record<AlertKind, Grouping>> = {
  'run-failed': ['pipeline', 'market'],
  'run-late': ['pipeline', 'market'],
  'run-lost': ['pipeline'],
  'run-stalled': ['pipeline'],
  deadline: ['pipeline', 'market'],
  'worker-dead': ['subject'],
  'queue-age': ['subject'],
  metric: ['pipeline', 'market'],
  series: ['pipeline', 'market'],
  event: ['subject'],
};

/** Checks an alert definition; VALIDATION_FAILED with every fault and its field. */
export function checkAlert(given: AlertDefinition): CheckedAlert {
  const { faults, checked } = examineAlert(given);
  if (checked) return checked;
  const list = faults.map(
    (f) => `${f.field} ${f.value === undefined ? '' : `${JSON.stringify(f.value)} `}${f.message}`,
  );
  throw new PerennialError('VALIDATION_FAILED', `Alert definition "${given.id}": ${list.join('; ')}.`, {
    fields: faults,
    remedy: 'Correct the fields named; nothing was changed.',
  });
}

/** The faults of an alert definition, each with its field; or what it means when there are none. */
export function examineAlert(given: AlertDefinition): { faults: FieldFault[]; checked?: CheckedAlert } {
  const faults = schemaFaults(AlertDefinitionSchema, given);
  if (faults.length > 0) return { faults };
  if (reserved.includes(given.id)) faults.push({ field: 'id', value: given.id, message: 'is taken by the API itself' });
  faults.push(...timeFaults(given), ...conditionFaults(given));
  if (faults.length > 0) return { faults };
  const { id, title, severity, when, pipelines, markets, firstStep } = given;
  // In a fixed order, so that equal definitions are equal text.
  const definition: AlertDefinition = {
    id,
    ...(title === undefined ? {} : { title }),
    severity,
    when: withDefaults(when),
    ...(pipelines === undefined ? {} : { pipelines }),
    ...(markets === undefined ? {} : { markets }),
    for: given.for ?? '0s',
    groupBy: given.groupBy ?? groupings[when.kind],
    escalateAfter: given.escalateAfter === undefined ? (severity === 'critical' ? '30m' : null) : given.escalateAfter,
    ...(firstStep === undefined ? {} : { firstStep }),
  };
  return {
    faults,
    checked: { definition, hash: createHash('sha256').update(JSON.stringify(definition)).digest('hex') },
  };
}

function withDefaults(when: AlertDefinition['when']): AlertDefinition['when'] {
  switch (when.kind) {
    case 'run-failed':
      return { kind: when.kind };
    case 'run-late':
      return { kind: when.kind, factor: when.factor ?? 2, atLeast: when.atLeast ?? '15m' };
    case 'run-lost':
      return { kind: when.kind, after: when.after ?? '30s' };
    case 'run-stalled':
      return { kind: when.kind, after: when.after ?? '10m' };
    case 'deadline':
      return { kind: when.kind, states: when.states ?? ['expected-late', 'missed'] };
    case 'worker-dead':
      return { kind: when.kind, ...(when.roles ? { roles: when.roles } : {}), after: when.after ?? '30s' };
    case 'queue-age':
      return { kind: when.kind, queue: when.queue, after: when.after ?? '10m' };
    case 'metric':
      return {
        kind: when.kind,
        metric: when.metric,
        of: when.of ?? 'kpi',
        ...(when.above === undefined ? {} : { above: when.above }),
        ...(when.below === undefined ? {} : { below: when.below }),
        windows: when.windows ?? 1,
      };
    case 'series':
      return { kind: when.kind, metric: when.metric };
    case 'event':
      return { kind: when.kind, type: when.type, keep: when.keep ?? '1d' };
  }
}

function timeFaults({ when, for: length, escalateAfter }: AlertDefinition): FieldFault[] {
  const faults: FieldFault[] = [];
  const limit = (field: string, value: string | null | undefined, least: number): void => {
    if (value === undefined || value === null) return;
    const ms = toMs(value as Duration) ?? 0;
    if (ms < least || ms > mostMs) faults.push({ field, value, message: `must be from ${least / 1_000}s to 30d` });
  };
  limit('for', length, 0);
  limit('escalateAfter', escalateAfter, 60_000);
  // A sign of life comes every 5 s: less silence means nothing.
  if (when.kind === 'run-lost' || when.kind === 'worker-dead') limit('when.after', when.after, 15_000);
  else if ('after' in when) limit('when.after', when.after, 0);
  if (when.kind === 'run-late') limit('when.atLeast', when.atLeast, 1_000);
  if (when.kind === 'event') limit('when.keep', when.keep, 60_000);
  return faults;
}

function conditionFaults({ when }: AlertDefinition): FieldFault[] {
  if (when.kind === 'event' && when.type.startsWith(alertEvents) && when.type !== eventTypes.alertRaised) {
    const message = 'is what alerts themselves tell: it would answer to itself';
    return [{ field: 'when.type', value: when.type, message }];
  }
  if (when.kind !== 'metric') return [];
  const { metric, of = 'kpi', above, below } = when;
  const faults: FieldFault[] = [];
  if (above === undefined && below === undefined)
    faults.push({ field: 'when', message: 'needs `above` or `below`, or both' });
  if (of === 'run' && !/^[^.]+\..+$/.test(metric))
    faults.push({ field: 'when.metric', value: metric, message: 'must be step.metric, such as evaluate.ndcg' });
  return faults;
}
